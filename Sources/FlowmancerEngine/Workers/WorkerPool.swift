import DequeModule
import FlowmancerCore
import FlowmancerWire
import NIOCore
import NIOPosix

/// Keeps worker processes, gives them attempts, and says what becomes of these. Used on the event loop only.
final class WorkerPool {
    private let eventLoop: any EventLoop
    private let demand: WorkerDemand
    private let openFiles: UInt64
    private weak var delegate: (any WorkerPoolDelegate)?

    private var keeper: Keeper?
    private var workers: [UInt32: WorkerHandle] = [:]
    private var idle: [WorkerHandle] = []
    private var busy: [Int: WorkerHandle] = [:]
    private var waiting: [Isolation: Deque<Assignment>] = [:]
    private var needsFlush: [WorkerHandle] = []

    private var lastNumber: UInt32 = 0
    private var starting = 0
    private var endedInInterval = 0
    private var isTicking = false
    private var isOutputPaused = false
    private var refusal: SystemError?
    /// Workers in a row that ended before they said hello.
    private var stillborn = 0
    private var stillbornOutput: [UInt8] = []
    private var isShutDown = false

    /// How many workers may end before their hello before the pool gives up.
    private static let patience = 3
    /// How long a worker may take to say hello.
    private static let helloDeadline: TimeAmount = .seconds(20)

    init(eventLoop: any EventLoop, cores: Int, delegate: any WorkerPoolDelegate) {
        self.eventLoop = eventLoop
        demand = WorkerDemand(cores: cores)
        openFiles = OpenFileLimit.raise()
        self.delegate = delegate
    }

    /// Starts the keeper.
    func open() throws {
        keeper = try Keeper(on: eventLoop, openFiles: openFiles) { [weak self] in self?.handle($0) }
    }

    /// Ends all workers with everything that they started.
    func shutDown() {
        isShutDown = true
        keeper?.shutDown()
        for worker in workers.values { worker.closeChannels() }
        workers = [:]
    }

    // MARK: What the run asks for

    /// Gives an attempt to a worker as soon as one is free.
    func submit(_ assignment: Assignment) {
        waiting[assignment.isolation, default: []].append(assignment)
        assignWaiting()
    }

    /// Forgets an attempt that no worker has taken up.
    func withdraw(task: Int) {
        for isolation in waiting.keys { waiting[isolation]?.removeAll { $0.task == task } }
    }

    /// Tells a running attempt to end.
    ///
    /// - Parameter patience: The time after which its ending is performed on a fresh instance.
    func cancel(task: Int, endingAfter patience: Duration) {
        guard let worker = busy[task], case .busy(var assignment) = worker.phase else { return }
        assignment.isCancelled = true
        worker.phase = .busy(assignment)
        let message = WireCancelAttempt.with {
            $0.id = assignment.message.id
            $0.endingAfterMilliseconds = UInt64(max(0, patience / .milliseconds(1)))
        }
        try? worker.write(.cancel(message))
        worker.flush()
    }

    /// Kills a running attempt with everything that it started.
    func kill(task: Int, remark: String) {
        guard let worker = busy[task], case .busy = worker.phase else { return }
        retire(worker, report: AttemptReport(outcome: .aborted, remarks: [(.error, remark)]))
    }

    /// The attempt of a task that a worker has taken up.
    func assignment(of task: Int) -> Assignment? { busy[task]?.assignment }

    /// Whether a worker executes an attempt of a task and has not reported its end.
    func isUnderWay(task: Int) -> Bool {
        guard let worker = busy[task], case .busy = worker.phase else { return false }
        return !worker.hasReportedEnd
    }

    /// Stops or resumes reading what tasks write, so that slow loggers slow tasks down instead of filling memory.
    func pauseOutput(_ isPaused: Bool) {
        guard isPaused != isOutputPaused else { return }
        isOutputPaused = isPaused
        for worker in workers.values { worker.pauseOutput(isPaused) }
    }

    /// Sends what was queued for workers in this turn of the loop.
    func flush() {
        for worker in needsFlush { worker.flush() }
        needsFlush.removeAll(keepingCapacity: true)
    }

    // MARK: Assigning

    private var waitingCount: Int { waiting.values.reduce(0) { $0 + $1.count } }

    private func assignWaiting() {
        while let worker = idle.last, let assignment = nextAssignment(for: worker) {
            idle.removeLast()
            give(assignment, to: worker)
        }
        let count = waitingCount
        guard count > 0, !isShutDown else { return }
        start(demand.immediate(waiting: count, starting: starting, total: workers.count))
        // An idle worker that is of no use to an attempt that needs a fresh one must not keep it waiting.
        if starting == 0, let used = idle.last { retire(used, report: nil) }
        tick()
    }

    private func nextAssignment(for worker: WorkerHandle) -> Assignment? {
        if !worker.isUsed, let assignment = waiting[.process]?.popFirst() { return assignment }
        return waiting[.pool]?.popFirst()
    }

    private func give(_ assignment: Assignment, to worker: WorkerHandle) {
        worker.isUsed = true
        worker.phase = .busy(assignment)
        busy[assignment.task] = worker
        delegate?.poolDidStart(assignment)
        do {
            try worker.write(.attempt(assignment.message))
            needsFlush.append(worker)
        } catch {
            finish(
                worker,
                assignment,
                AttemptReport(outcome: .failed, remarks: [(.error, "The parameters are \(error).")])
            )
        }
    }

    /// Looks at the demand again and again while attempts wait.
    private func tick() {
        guard !isTicking else { return }
        isTicking = true
        endedInInterval = 0
        eventLoop.assumeIsolated().scheduleTask(in: .init(WorkerDemand.interval)) { [weak self] in
            guard let self, !isShutDown else { return }
            isTicking = false
            let count = waitingCount
            guard count > 0 else { return }
            // After a refusal the pool goes on with what it has, and tries again only if it has nothing.
            if refusal == nil || workers.isEmpty {
                let ended = endedInInterval
                start(demand.growth(waiting: count, starting: starting, total: workers.count, ended: ended))
            }
            tick()
        }
    }

    // MARK: Starting and ending workers

    private func start(_ count: Int) {
        for _ in 0..<count {
            do {
                try startWorker()
            } catch let error as SystemError {
                return note(error)
            } catch {
                return
            }
        }
    }

    private func startWorker() throws {
        guard let keeper else { return }
        let descriptors = try WorkerDescriptors()
        lastNumber += 1
        let worker = WorkerHandle(number: lastNumber, on: eventLoop, delegate: self)
        defer { for descriptor in descriptors.remote { close(descriptor) } }
        do {
            try keeper.startWorker(worker.number, descriptors: descriptors.remote)
        } catch {
            for descriptor in [descriptors.socket, descriptors.output, descriptors.errors] { close(descriptor) }
            throw error
        }
        workers[worker.number] = worker
        starting += 1
        worker.connect(descriptors, isOutputPaused: isOutputPaused)
        eventLoop.assumeIsolated().scheduleTask(in: Self.helloDeadline) { [weak self, weak worker] in
            guard let self, let worker, case .starting = worker.phase else { return }
            stillborn = Self.patience
            self.keeper?.killWorker(worker.number)
        }
    }

    private func handle(_ report: Keeper.Report) {
        switch report {
        case .started:
            break
        case .refused(let number, let error):
            if let worker = workers.removeValue(forKey: number) {
                starting -= 1
                worker.closeChannels()
            }
            note(error)
        case .ended(let number, let end):
            workers[number]?.noteEnd(end)
        case .lost:
            guard !isShutDown else { return }
            let lost = workers.values.sorted { $0.number < $1.number }
            do { try open() } catch { return delegate?.poolDidFail("The keeper process was lost: \(error)") ?? () }
            for worker in lost { worker.noteEnd(.killed(signal: SIGKILL)) }
        }
    }

    private func note(_ error: SystemError) {
        if refusal == nil { delegate?.poolDidReachLimit(error, workers: workers.count) }
        refusal = error
        tick()
    }

    /// Ends a worker; its end is handled when the keeper reports it.
    private func retire(_ worker: WorkerHandle, report: AttemptReport?) {
        idle.removeAll { $0 === worker }
        worker.phase = .retiring(worker.assignment, report)
        keeper?.killWorker(worker.number)
    }

    private func noteStillborn(_ end: ProcessEnd) {
        guard !isShutDown else { return }
        stillborn += 1
        guard stillborn >= Self.patience else { return }
        let output = String(decoding: stillbornOutput.suffix(2_000), as: UTF8.self)
        delegate?.poolDidFail(
            "A worker \(end) before it was ready. Workers are this program, started again: it has to reach "
                + "FlowmancerApp's main() or JobRunner.run() without doing anything else first."
                + (output.isEmpty ? "" : " It wrote: \(output)")
        )
    }

    // MARK: Ending attempts

    private func perform(_ request: WireSharedRequest, of worker: WorkerHandle, _ assignment: Assignment) {
        guard let operation = SharedDictOperation(request) else {
            return answer(request.id, .refused("the engine does not know the operation"), to: worker)
        }
        delegate?.pool(assignment, didRequest: operation) { [weak self, weak worker] reply in
            if let self, let worker { answer(request.id, .result(reply), to: worker) }
        }
    }

    private func answer(_ id: UInt64, _ content: ReplyWindow.Reply.Content, to worker: WorkerHandle) {
        worker.answer(.init(requestID: id, content: content))
        needsFlush.append(worker)
    }

    private func end(_ worker: WorkerHandle, _ assignment: Assignment, _ ended: WireAttemptEnded) {
        let outcome: AttemptOutcome =
            switch ended.outcome {
            case .succeeded: .succeeded
            case .aborted where assignment.isCancelled: .aborted
            case .failed, .aborted, .unspecified, .UNRECOGNIZED: .failed
            }
        var report = AttemptReport(outcome: outcome)
        // A worker that says something behind its report is no place for another attempt.
        if ended.hasLeftovers_p || assignment.isolation == .process || worker.hasUnhandled {
            if ended.hasLeftovers_p {
                let text =
                    outcome == .aborted
                    ? "What was still running of the task was killed."
                    : "Processes that the task left running were ended with it."
                report.remarks.append((.warning, text))
            }
            retire(worker, report: report)
        } else {
            finish(worker, assignment, report)
        }
    }

    /// The worker goes on with the next attempt.
    private func finish(_ worker: WorkerHandle, _ assignment: Assignment, _ report: AttemptReport) {
        worker.phase = .idle
        conclude(assignment, report)
        becomeIdle(worker)
    }

    private func conclude(_ assignment: Assignment, _ report: AttemptReport) {
        endedInInterval += 1
        busy[assignment.task] = nil
        delegate?.pool(assignment, didEndWith: report)
    }

    private func becomeIdle(_ worker: WorkerHandle) {
        worker.phase = .idle
        idle.append(worker)
        assignWaiting()
    }

    /// A worker that does not keep to the protocol is ended, and its attempt has failed.
    private func distrust(_ worker: WorkerHandle, _ reason: String) {
        let text = "The worker process was ended because \(reason)."
        switch worker.phase {
        case .starting:
            stillbornOutput += Array("\(text)\n".utf8)
            keeper?.killWorker(worker.number)
        case .busy:
            retire(worker, report: AttemptReport(outcome: .failed, remarks: [(.error, text)]))
        case .idle:
            retire(worker, report: nil)
        case .retiring, .ended:
            break
        }
    }
}

extension WorkerPool: WorkerHandleDelegate {
    func worker(_ worker: WorkerHandle, didSay body: WireFromWorker.OneOf_Body) {
        switch body {
        case .hello(let hello):
            guard case .starting = worker.phase else { return distrust(worker, "it said hello again") }
            guard hello.protocolVersion == Frame.protocolVersion else {
                return distrust(worker, "it speaks version \(hello.protocolVersion) of the protocol")
            }
            starting -= 1
            stillborn = 0
            becomeIdle(worker)
        case .ended(let ended):
            guard case .busy(let assignment) = worker.phase, ended.id == assignment.message.id else {
                return distrust(worker, "it reported the end of an attempt that it did not have")
            }
            end(worker, assignment, ended)
        case .log(let line):
            guard let assignment = worker.assignment, line.attemptID == assignment.message.id else { return }
            delegate?.pool(assignment, didLog: line)
        case .sharedRequest(let request):
            guard let assignment = worker.assignment else {
                return answer(request.id, .refused("no task is under way"), to: worker)
            }
            perform(request, of: worker, assignment)
        }
    }

    func worker(_ worker: WorkerHandle, didWrite line: UnsafeRawBufferPointer, on stream: WorkerHandle.Stream) {
        if let assignment = worker.assignment {
            delegate?.pool(assignment, didWrite: line, on: stream)
        } else if case .starting = worker.phase {
            stillbornOutput.append(contentsOf: line.suffix(2_000))
            stillbornOutput.append(UInt8(ascii: "\n"))
        }
    }

    func worker(_ worker: WorkerHandle, didMisbehave reason: String) {
        distrust(worker, reason)
    }

    func worker(_ worker: WorkerHandle, didEnd end: ProcessEnd) {
        guard workers[worker.number] === worker else { return }
        workers[worker.number] = nil
        idle.removeAll { $0 === worker }
        let phase = worker.phase
        worker.phase = .ended
        switch phase {
        case .starting:
            starting -= 1
            noteStillborn(end)
        case .busy(let assignment):
            let text = "The worker process \(end) before the task ended."
            let outcome: AttemptOutcome = assignment.isCancelled ? .aborted : .failed
            conclude(assignment, AttemptReport(outcome: outcome, remarks: [(.error, text)]))
        case .retiring(let assignment?, let report):
            conclude(assignment, report ?? AttemptReport(outcome: .failed))
        case .retiring(nil, _), .idle, .ended:
            break
        }
        assignWaiting()
    }
}
