import DequeModule
import FlowmancerCore
import FlowmancerWire
import Glibc
import NIOCore
import NIOPosix

/// Keeps worker processes, gives them attempts, and says what becomes of these. Used on the event loop only.
final class WorkerPool {
    private let eventLoop: any EventLoop
    /// How many attempts may be executed at once.
    private let limit: Int
    private var demand: WorkerDemand
    private var meter = ProcessorMeter()
    private let masker: SecretMasker?
    private let earlyKeeper: EarlyKeeper?
    private weak var delegate: (any WorkerPoolDelegate)?

    private var keeper: Keeper?
    private var workers: [UInt32: WorkerHandle] = [:]
    private var idle: [WorkerHandle] = []
    private var busy: [Int: WorkerHandle] = [:]
    /// The workers that hold an attempt, by its task.
    private var holders: [Int: WorkerHandle] = [:]
    /// Workers that may be able to hold one: looked at when there is one to hold.
    private var candidates: [WorkerHandle] = []
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
    /// An attempt that a worker holds longer than this is taken back.
    private static let holdingTime: TimeAmount = .milliseconds(5)
    /// How long a worker that executed its last attempt may take to end by itself.
    private static let farewell: TimeAmount = .seconds(2)
    /// How long a worker may take to say hello.
    private static let helloDeadline: TimeAmount = .seconds(20)

    /// Creates a pool.
    ///
    /// - Parameters:
    ///   - limit: How many attempts may be executed at once.
    ///   - masker: Masks what workers print.
    init(
        eventLoop: any EventLoop,
        limit: Int,
        cores: Int,
        earlyKeeper: EarlyKeeper?,
        masker: SecretMasker?,
        delegate: any WorkerPoolDelegate
    ) {
        self.eventLoop = eventLoop
        self.limit = limit
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

    /// Tells an attempt to end that is running, or that a worker holds.
    ///
    /// - Parameter patience: The time after which its ending is performed on a fresh instance.
    func cancel(task: Int, endingAfter patience: Duration) {
        if let holder = holders[task] {
            // It may begin before the worker hears of this.
            holder.next?.cancellation = patience
            return recall(from: holder)
        }
        guard let worker = busy[task], case .busy(var assignment) = worker.phase else { return }
        assignment.cancellation = patience
        worker.phase = .busy(assignment)
        sendCancellation(of: assignment, to: worker)
    }

    private func sendCancellation(of assignment: Assignment, to worker: WorkerHandle) {
        guard let patience = assignment.cancellation else { return }
        let message = WireCancelAttempt.with {
            $0.id = assignment.message.id
            $0.endingAfterMilliseconds = UInt64(max(0, patience / .milliseconds(1)))
        }
        send(.cancel(message), to: worker)
    }

    private func send(_ body: WireToWorker.OneOf_Body, to worker: WorkerHandle) {
        // Such messages are never too large.
        try? worker.write(body)
        needsFlush.append(worker)
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
        while busy.count < limit, let index = idleIndex, let assignment = waiting.popFirst(isFresh: !idle[index].isUsed)
        {
            give(assignment, to: idle.remove(at: index))
        }
        guard waiting.count > 0, !isShutDown else { return }
        if scarcity == nil {
            start(demand.immediate(waiting: wanted, starting: starting, total: workers.count))
        }
        // An idle worker that is of no use to an attempt that needs a fresh one must not keep it waiting.
        if busy.count < limit, starting == 0, let used = idle.last { retire(used, report: nil) }
        holdWaiting()
        tick()
    }

    /// The idle worker to be given the next attempt: a fresh one if that is needed.
    private var idleIndex: Int? {
        (waiting.hasIsolated ? idle.lastIndex { !$0.isUsed } : nil) ?? idle.indices.last
    }

    /// How many of the attempts that wait could begin if there were enough workers. Fresh ones are made ready
    /// beforehand: an attempt that needs one should not wait for it.
    private var wanted: Int {
        guard waiting.hasIsolated else { return min(waiting.count, limit - busy.count) }
        return max(0, waiting.count - idle.count { !$0.isUsed })
    }

    private func give(_ assignment: Assignment, to worker: WorkerHandle) {
        worker.isUsed = true
        var assignment = assignment
        assignment.message.writesToSecond = worker.writesToSecond
        worker.phase = .busy(assignment)
        noteBegin(of: assignment, on: worker)
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

    private func noteBegin(of assignment: Assignment, on worker: WorkerHandle) {
        worker.began = .now()
        busy[assignment.task] = worker
        delegate?.poolDidStart(assignment)
        if worker.isQuick, worker.canHold { candidates.append(worker) }
    }

    // MARK: Holding

    /// Gives attempts that wait to workers that will soon be done with another one, so that these have something to do
    /// while the engine hears of that.
    private func holdWaiting() {
        while waiting.count > 0, let worker = candidates.popLast() {
            guard case .busy = worker.phase, worker.canHold, .now() - worker.began < WorkerHandle.quick else {
                continue
            }
            guard let assignment = waiting.popFirstToHold() else { return candidates.append(worker) }
            var held = assignment
            held.message.writesToSecond = worker.nextWritesToSecond
            do {
                try worker.write(.attempt(held.message))
            } catch {
                // That is its own failure, not that of the worker that is busy: it gets a turn of its own.
                return waiting.prepend(assignment)
            }
            needsFlush.append(worker)
            worker.next = held
            holders[held.task] = worker
            delegate?.poolDidHold(held)
        }
    }

    private func recall(from worker: WorkerHandle) {
        guard let next = worker.next, !next.isRecalled else { return }
        worker.next?.isRecalled = true
        send(.recall(.with { $0.id = next.message.id }), to: worker)
    }

    /// The worker begins the attempt that it held.
    private func beginHeld(_ worker: WorkerHandle) {
        guard let assignment = worker.next else { return }
        holders[assignment.task] = nil
        worker.beginNext()
        noteBegin(of: assignment, on: worker)
        worker.handOnEarly()
        sendCancellation(of: assignment, to: worker)
    }

    /// The attempt that a worker held was not begun.
    private func takeBack(from worker: WorkerHandle) {
        guard var assignment = worker.next else { return }
        worker.next = nil
        holders[assignment.task] = nil
        delegate?.poolDidReturn(assignment)
        guard assignment.cancellation == nil else { return }
        assignment.isRecalled = false
        waiting.prepend(assignment)
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
            for worker in holders.values where .now() - worker.began > Self.holdingTime { recall(from: worker) }
            if !needsFlush.isEmpty { delegate?.poolHasUnsent() }
            guard waiting.count > 0 || !holders.isEmpty else { return }
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
        let descriptors = try WorkerDescriptors(
            turns: waiting.hasIsolated ? 1 : 2,
            below: workers.isEmpty ? .max : OpenFileLimit.reserved
        )
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
                let outcome: AttemptOutcome = assignment.cancellation == nil ? .failed : .aborted
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
            waiting: wanted,
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
            case .aborted where assignment.cancellation != nil: .aborted
            case .failed, .aborted, .unspecified, .UNRECOGNIZED: .failed
            }
        var report = AttemptReport(outcome: outcome)
        // A worker that says something behind its report is no place for another attempt, unless it is of that attempt.
        let isTalkative = worker.next == nil && worker.hasUnhandled
        if assignment.isolation == .process, !ended.hasLeftovers_p, !isTalkative {
            awaitFarewell(worker, report: report)
        } else if ended.hasLeftovers_p || isTalkative {
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
        worker.lastDuration = .now() - worker.began
        worker.phase = .idle
        conclude(assignment, report)
        if worker.next == nil {
            becomeIdle(worker)
        } else {
            beginHeld(worker)
            assignWaiting()
        }
    }

    /// The worker ends by itself after its last attempt.
    private func awaitFarewell(_ worker: WorkerHandle, report: AttemptReport) {
        worker.phase = .retiring(worker.assignment, report)
        eventLoop.assumeIsolated().scheduleTask(in: Self.farewell) { [weak self, weak worker] in
            guard let self, let worker, case .retiring = worker.phase else { return }
            keeper?.killWorker(worker.number)
        }
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
        case .returned(let returned):
            // One that it was not asked for, or has begun, is no news of an attempt that it holds.
            if worker.next?.message.id == returned.id { takeBack(from: worker) }
            assignWaiting()
        case .ended(let ended):
            guard case .busy(let assignment) = worker.phase, ended.id == assignment.message.id else {
                return distrust(worker, "it reported the end of an attempt that it did not have")
            }
            end(worker, assignment, ended)
        case .log(let line):
            guard let assignment = worker.assignment, line.attemptID == assignment.message.id else { return }
            delegate?.pool(assignment, didLog: line)
        case .sharedRequest(let request):
            guard case .busy(let assignment) = worker.phase else {
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
            let outcome: AttemptOutcome = assignment.cancellation == nil ? .failed : .aborted
            conclude(assignment, AttemptReport(outcome: outcome, remarks: [(.error, text)]))
        case .retiring(let assignment?, let report):
            conclude(assignment, report ?? AttemptReport(outcome: .failed))
        case .retiring(nil, _), .idle, .ended:
            break
        }
        // It may just have begun there; nothing that it did was taken in.
        takeBack(from: worker)
        assignWaiting()
    }
}
