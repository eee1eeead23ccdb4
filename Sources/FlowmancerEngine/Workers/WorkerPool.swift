import DequeModule
import FlowmancerCore
import FlowmancerWire
import Glibc
import NIOCore
import NIOPosix

/// Keeps worker processes, gives them attempts, and says what becomes of these. Used on the event loop only.
final class WorkerPool {
    private let eventLoop: any EventLoop
    private var demand: WorkerDemand
    private var meter = ProcessorMeter()
    private let masker: SecretMasker?
    private let earlyKeeper: EarlyKeeper?
    private weak var delegate: (any WorkerPoolDelegate)?

    private var keeper: Keeper?
    private var workers: [UInt32: WorkerHandle] = [:]
    private var idle: [WorkerHandle] = []
    private var busy: [Int: WorkerHandle] = [:]
    private var waiting = AssignmentQueue()
    private var needsFlush: [WorkerHandle] = []

    private var lastNumber: UInt32 = 0
    private var starting = 0
    private var endedInInterval = 0
    private var isTicking = false
    private var isOutputPaused = false
    /// While the system gives no more workers.
    private var scarcity: WorkerScarcity?
    private var lastNotice: (reason: String, time: NIODeadline)?
    /// Workers in a row that ended before they said hello, while there were no others, and what all such wrote.
    private var stillborn = 0
    /// Keepers in a row that ended before a worker said hello.
    private var lostKeepers = 0
    private var stillbornOutput: [UInt8] = []
    private var isShutDown = false

    /// How many workers, or keepers, may end before a hello before the pool gives up.
    private static let patience = 3
    /// How much of what stillborn workers wrote is kept, in bytes.
    private static let shownOutput = 2_000
    /// How often people are told again that the system gives no more workers.
    private static let noticeInterval: TimeAmount = .minutes(1)
    /// How long a worker may take to say hello.
    private static let helloDeadline: TimeAmount = .seconds(20)

    /// Creates a pool.
    ///
    /// - Parameter masker: Masks what workers print.
    init(
        eventLoop: any EventLoop,
        cores: Int,
        earlyKeeper: EarlyKeeper?,
        masker: SecretMasker?,
        delegate: any WorkerPoolDelegate
    ) {
        self.eventLoop = eventLoop
        self.masker = masker
        demand = WorkerDemand(cores: cores)
        self.earlyKeeper = earlyKeeper
        _ = OpenFileLimit.original
        self.delegate = delegate
    }

    /// Starts the keeper, so that it is there when the first worker is needed.
    func open() {
        do {
            _ = try openedKeeper()
        } catch {
            note(error)
        }
    }

    private func openedKeeper() throws(SystemError) -> Keeper {
        if let keeper { return keeper }
        let process = if let early = earlyKeeper?.take() { early } else { try KeeperProcess() }
        let keeper = Keeper(process, on: eventLoop) { [weak self] in self?.handle($0) }
        self.keeper = keeper
        return keeper
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
        waiting.append(assignment)
        assignWaiting()
    }

    /// Forgets an attempt that no worker has taken up.
    func withdraw(task: Int) {
        waiting.remove(task: task)
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
        // An attempt that has reported its end keeps it: only its process is still to end.
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

    private func assignWaiting() {
        while let worker = idle.last, let assignment = waiting.popFirst(isFresh: !worker.isUsed) {
            idle.removeLast()
            give(assignment, to: worker)
        }
        guard waiting.count > 0, !isShutDown else { return }
        if scarcity == nil {
            start(demand.immediate(waiting: waiting.count, starting: starting, total: workers.count))
        }
        // An idle worker that is of no use to an attempt that needs a fresh one must not keep it waiting.
        if starting == 0, let used = idle.last { retire(used, report: nil) }
        tick()
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
        _ = meter.measure(workers.values)
        eventLoop.assumeIsolated().scheduleTask(in: .init(WorkerDemand.interval)) { [weak self] in
            guard let self, !isShutDown else { return }
            isTicking = false
            guard waiting.count > 0 else { return }
            if let scarcity {
                // The pool goes on with what it has, and sees from time to time whether there is more.
                if scarcity.isDue(now: .now()), starting == 0 { start(1) }
            } else {
                start(demand.growth(observe()))
            }
            tick()
        }
    }

    // MARK: Starting and ending workers

    private func start(_ count: Int) {
        // While the system gives no more, one at a time is asked for.
        for number in 0..<count where !isShutDown && (number == 0 || scarcity == nil) {
            do {
                try startWorker()
            } catch {
                return note(error)
            }
        }
    }

    private func startWorker() throws(SystemError) {
        let keeper = try openedKeeper()
        let descriptors = try WorkerDescriptors(below: workers.isEmpty ? .max : OpenFileLimit.reserved)
        lastNumber += 1
        let worker = WorkerHandle(number: lastNumber, on: eventLoop, masker: masker, delegate: self)
        workers[worker.number] = worker
        starting += 1
        worker.connect(descriptors, isOutputPaused: isOutputPaused)
        keeper.startWorker(worker.number, descriptors: descriptors.remote)
        eventLoop.assumeIsolated().scheduleTask(in: Self.helloDeadline) { [weak self, weak worker] in
            guard let self, let worker, case .starting = worker.phase else { return }
            retire(worker, report: nil)
            noteStillborn("was not ready within \(Self.helloDeadline.nanoseconds / 1_000_000_000) s")
        }
    }

    private func handle(_ report: Keeper.Report) {
        switch report {
        case .started(let number, let pid):
            workers[number]?.pid = pid
        case .refused(let number, let error):
            if let worker = workers.removeValue(forKey: number) {
                leaveStart(of: worker)
                worker.phase = .ended
                worker.closeChannels()
            }
            // The answers to later requests are still on their way.
            note(error, workers: workers.values.count { $0.pid != nil })
        case .ended(let number, let end):
            workers[number]?.noteEnd(end)
        case .lost(let end):
            noteLostKeeper(end)
        }
    }

    /// The keeper took all workers along; the next one that is needed starts another keeper.
    private func noteLostKeeper(_ end: ProcessEnd) {
        guard !isShutDown else { return }
        keeper = nil
        lostKeepers += 1
        guard lostKeepers < Self.patience else {
            return delegate?.poolDidFail("The process that starts workers \(end), \(lostKeepers) times in a row.") ?? ()
        }
        delegate?.poolDidLoseKeeper(end)
        idle = []
        for worker in workers.values.sorted(by: { $0.number < $1.number }) {
            switch worker.phase {
            case .starting:
                // That it never said hello says nothing about the program.
                starting -= 1
                worker.phase = .retiring(nil, nil)
            case .busy(let assignment):
                let outcome: AttemptOutcome = assignment.isCancelled ? .aborted : .failed
                let text = "The worker process was killed, since the process that keeps all workers \(end)."
                worker.phase = .retiring(assignment, AttemptReport(outcome: outcome, remarks: [(.error, text)]))
            case .idle, .retiring, .ended:
                break
            }
            worker.noteEnd(.killed(signal: SIGKILL))
        }
        assignWaiting()
    }

    /// The system refused something that a worker needs.
    private func note(_ error: SystemError, workers count: Int? = nil) {
        if error.isTransient {
            note("\(error)", workers: count ?? workers.count)
        } else {
            delegate?.poolDidFail("The processes that run tasks could not be started: \(error).")
        }
    }

    /// There will be no more workers for a while.
    private func note(_ reason: String, workers count: Int) {
        guard !isShutDown else { return }
        let now = NIODeadline.now()
        if scarcity == nil {
            scarcity = WorkerScarcity(now: now, hasWorkers: !workers.isEmpty)
        } else {
            scarcity?.noteRefusal(now: now, hasWorkers: !workers.isEmpty)
        }
        if scarcity?.isHopeless(now: now) == true {
            let time = Duration(WorkerScarcity.patience).text
            return delegate?.poolDidFail("No worker process could be started for \(time): \(reason).") ?? ()
        }
        if lastNotice?.reason != reason || lastNotice.map({ now - $0.time > Self.noticeInterval }) == true {
            lastNotice = (reason, now)
            delegate?.poolDidReachLimit(reason, workers: count)
        }
        tick()
    }

    /// Takes note that a worker is no longer on its way.
    private func leaveStart(of worker: WorkerHandle) {
        if case .starting = worker.phase { starting -= 1 }
    }

    private func observe() -> WorkerDemand.Observation {
        WorkerDemand.Observation(
            waiting: waiting.count,
            starting: starting,
            total: workers.count,
            ended: endedInInterval,
            load: meter.measure(workers.values)
        )
    }

    /// Ends a worker; its end is handled when the keeper reports it.
    private func retire(_ worker: WorkerHandle, report: AttemptReport?) {
        idle.removeAll { $0 === worker }
        leaveStart(of: worker)
        worker.phase = .retiring(worker.assignment, report)
        keeper?.killWorker(worker.number)
    }

    /// Takes note of a worker that never got ready.
    private func noteStillborn(_ remark: String) {
        guard !isShutDown else { return }
        // Where others run or start, the system may have no room for another. Only one that was alone tells for sure.
        let others = workers.values.count(where: \.isInUse)
        if others == 0 { stillborn += 1 }
        guard stillborn >= Self.patience else { return note("a new one \(remark)", workers: others) }
        let output = String(decoding: stillbornOutput, as: UTF8.self)
        delegate?.poolDidFail(
            "A worker \(remark), \(stillborn) times in a row. Workers are this program, started again: it has to reach "
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
            stillbornOutput = []
            lostKeepers = 0
            scarcity = nil
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
            stillbornOutput = Array((stillbornOutput + line + [UInt8(ascii: "\n")]).suffix(Self.shownOutput))
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
        scarcity?.noteRoom(now: .now())
        switch phase {
        case .starting:
            starting -= 1
            noteStillborn("\(end) before it was ready")
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
