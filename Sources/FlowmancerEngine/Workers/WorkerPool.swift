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
    private let masker: SecretMasker?
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

    /// Creates a pool.
    ///
    /// - Parameter masker: Masks what workers print.
    init(eventLoop: any EventLoop, cores: Int, masker: SecretMasker?, delegate: any WorkerPoolDelegate) {
        self.eventLoop = eventLoop
        self.masker = masker
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
        guard let worker = busy[task] else { return }
        retire(worker, report: AttemptReport(outcome: .aborted, remarks: [(.error, remark)]))
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
        let worker = WorkerHandle(number: lastNumber, masker: masker, delegate: self)
        defer { for descriptor in descriptors.remote { close(descriptor) } }
        do {
            try keeper.startWorker(worker.number, descriptors: descriptors.remote)
        } catch {
            for descriptor in [descriptors.socket, descriptors.output, descriptors.errors] { close(descriptor) }
            throw error
        }
        workers[worker.number] = worker
        starting += 1
        worker.connect(descriptors, on: eventLoop, isOutputPaused: isOutputPaused)
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
            workers[number]?.noteEnd(end, on: eventLoop)
        case .lost:
            guard !isShutDown else { return }
            let lost = workers.values.sorted { $0.number < $1.number }
            do { try open() } catch { return delegate?.poolDidFail("The keeper process was lost: \(error)") ?? () }
            for worker in lost { worker.noteEnd(.killed(signal: SIGKILL), on: eventLoop) }
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

    private func send(_ reply: WireSharedReply, to worker: WorkerHandle) {
        do {
            try worker.write(.sharedReply(reply))
        } catch {
            let refusal = WireSharedReply.with {
                $0.requestID = reply.requestID
                $0.refused = "the value is \(error)"
            }
            try? worker.write(.sharedReply(refusal))
        }
        needsFlush.append(worker)
    }

    private func end(_ worker: WorkerHandle, _ assignment: Assignment, _ ended: WireAttemptEnded) {
        let outcome: AttemptOutcome =
            switch ended.outcome {
            case .succeeded: .succeeded
            case .aborted where assignment.isCancelled: .aborted
            case .failed, .aborted, .unspecified, .UNRECOGNIZED: .failed
            }
        let report = AttemptReport(outcome: outcome)
        if ended.hasLeftovers_p || assignment.isolation == .process {
            var report = report
            if ended.hasLeftovers_p, outcome != .aborted {
                report.remarks.append((.warning, "Processes that the task left running were ended with it."))
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
        guard worker.assignment != nil else { return retire(worker, report: nil) }
        let text = "The worker process was ended because \(reason)."
        retire(worker, report: AttemptReport(outcome: .failed, remarks: [(.error, text)]))
    }
}

extension WorkerPool: WorkerHandleDelegate {
    func worker(_ worker: WorkerHandle, didSay body: WireFromWorker.OneOf_Body) {
        switch body {
        case .hello(let hello):
            guard case .starting = worker.phase, hello.protocolVersion == Frame.protocolVersion else {
                return distrust(worker, "it speaks version \(hello.protocolVersion) of the protocol")
            }
            starting -= 1
            stillborn = 0
            becomeIdle(worker)
        case .ended(let ended):
            guard case .busy(let assignment) = worker.phase else { return }
            guard ended.id == assignment.message.id else { return distrust(worker, "it reported another attempt") }
            end(worker, assignment, ended)
        case .log(let line):
            guard let assignment = worker.assignment, line.attemptID == assignment.message.id else { return }
            delegate?.pool(assignment, didLog: line)
        case .sharedRequest(let request):
            guard let assignment = worker.assignment else { return }
            delegate?.pool(assignment, didRequest: request) { [weak self, weak worker] reply in
                if let self, let worker { send(reply, to: worker) }
            }
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

    func worker(_ worker: WorkerHandle, didSendGarbage error: any Error) {
        distrust(worker, "it sent \(error)")
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
