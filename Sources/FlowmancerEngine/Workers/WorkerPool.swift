import FlowmancerCore
import FlowmancerSystem
import FlowmancerWire

/// Keeps worker processes, gives them attempts, and says what becomes of these. Used on the event loop only.
final class WorkerPool {
    let loop: EventLoop
    /// How many attempts may be executed at once.
    let limit: Int
    var demand: WorkerDemand
    var meter = ProcessorMeter()
    let masker: SecretMasker?
    let earlyKeeper: EarlyKeeper?
    unowned let delegate: any WorkerPoolDelegate

    var keeper: Keeper?
    var workers: [UInt32: WorkerHandle] = [:]
    var idle: [WorkerHandle] = []
    var busy: [Int: WorkerHandle] = [:]
    /// The workers that hold an attempt, by its task.
    var holders: [Int: WorkerHandle] = [:]
    /// Workers that may be able to hold one: looked at when there is one to hold.
    var candidates: [WorkerHandle] = []
    var waiting = AssignmentQueue()
    var needsFlush: [WorkerHandle] = []

    var lastNumber: UInt32 = 0
    var starting = 0
    var endedInInterval = 0
    var isTicking = false
    var isOutputPaused = false
    /// While the system gives no more workers.
    var scarcity: WorkerScarcity?
    var lastNotice: (reason: String, time: SuspendingClock.Instant)?
    /// Workers in a row that ended before they said hello, while there were no others, and what all such wrote.
    var stillborn = 0
    /// Keepers in a row that ended before a worker said hello.
    var lostKeepers = 0
    var stillbornOutput: [UInt8] = []
    var isShutDown = false

    /// How many workers, or keepers, may end before a hello before the pool gives up.
    static let patience = 3
    /// How much of what stillborn workers wrote is kept, in bytes.
    static let shownOutput = 2_000
    /// How often people are told again that the system gives no more workers.
    static let noticeInterval: Duration = .seconds(60)
    /// An attempt that a worker holds longer than this is taken back.
    static let holdingTime: Duration = .milliseconds(5)
    /// How long a worker that executed its last attempt may take to end by itself.
    static let farewell: Duration = .seconds(2)
    /// How long a worker may take to say hello.
    static let helloDeadline: Duration = .seconds(20)

    /// Creates a pool.
    ///
    /// - Parameters:
    ///   - limit: How many attempts may be executed at once.
    ///   - masker: Masks what workers print.
    init(
        loop: EventLoop,
        limit: Int,
        cores: Int,
        earlyKeeper: EarlyKeeper?,
        masker: SecretMasker?,
        delegate: any WorkerPoolDelegate
    ) {
        self.loop = loop
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

    func openedKeeper() throws(SystemError) -> Keeper {
        if let keeper { return keeper }
        let process = if let early = earlyKeeper?.take() { early } else { try KeeperProcess() }
        let keeper = Keeper(process, on: loop) { [unowned self] in handle($0) }
        self.keeper = keeper
        return keeper
    }

    /// Ends all workers with everything that they started.
    func shutDown() {
        isShutDown = true
        keeper?.shutDown()
        for worker in workers.values { worker.close() }
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

    func sendCancellation(of assignment: Assignment, to worker: WorkerHandle) {
        guard let patience = assignment.cancellation else { return }
        let message = WireCancelAttempt.with {
            $0.id = assignment.message.id
            $0.endingAfterMilliseconds = UInt64(max(0, patience / .milliseconds(1)))
        }
        send(.cancel(message), to: worker)
    }

    func send(_ body: WireToWorker.OneOf_Body, to worker: WorkerHandle) {
        // Such messages are never too large.
        try? worker.write(body)
        needsFlush.append(worker)
    }

    /// Kills a running attempt with everything that it started.
    func kill(task: Int, remark: String) {
        // An attempt that has reported its end keeps it: only its process is still to end.
        busy[task]?.takeReport()
        guard let worker = busy[task], case .busy = worker.phase else { return }
        retire(worker, report: AttemptReport(outcome: .aborted, remarks: [(.error, remark)]))
    }

    /// Takes in the reports that wait for slow loggers: of who has reported the end it cannot be said that it runs.
    func takeReports() {
        guard isOutputPaused else { return }
        for worker in Array(busy.values) { worker.takeReport() }
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
        // What one hands on may change that again. It is not always the same that comes last then.
        for worker in workers.values.shuffled() where isOutputPaused == isPaused { worker.pauseOutput(isPaused) }
    }

    /// Sends what was queued for workers in this turn of the loop.
    func flush() {
        // What is queued meanwhile is for the next turn.
        let workers = needsFlush
        needsFlush = []
        for worker in workers { worker.flush() }
    }

    // MARK: Assigning

    func assignWaiting() {
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
    var idleIndex: Int? {
        (waiting.hasIsolated ? idle.lastIndex { !$0.isUsed } : nil) ?? idle.indices.last
    }

    /// How many of the attempts that wait could begin if there were enough workers. Fresh ones are made ready
    /// beforehand: an attempt that needs one should not wait for it.
    var wanted: Int {
        guard waiting.hasIsolated else { return min(waiting.count, limit - busy.count) }
        return max(0, waiting.count - idle.count { !$0.isUsed })
    }

    func give(_ assignment: Assignment, to worker: WorkerHandle) {
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
                AttemptReport(outcome: .failed, remarks: [(.error, "The parameters are too large: \(error).")])
            )
        }
    }

    func noteBegin(of assignment: Assignment, on worker: WorkerHandle) {
        worker.began = .now
        worker.trapReason = TrapReason()
        busy[assignment.task] = worker
        delegate.poolDidStart(assignment)
        if worker.isQuick, worker.canHold, !worker.isCandidate {
            worker.isCandidate = true
            candidates.append(worker)
        }
    }

    /// Looks at the demand again and again while attempts wait.
    func tick() {
        guard !isTicking else { return }
        isTicking = true
        endedInInterval = 0
        _ = meter.measure(workers.values)
        loop.schedule(after: WorkerDemand.interval) { [self] in
            guard !isShutDown else { return }
            isTicking = false
            for worker in holders.values where .now - worker.began > Self.holdingTime { recall(from: worker) }
            if !needsFlush.isEmpty { delegate.poolHasUnsent() }
            guard waiting.count > 0 || !holders.isEmpty else { return }
            if let scarcity {
                // The pool goes on with what it has, and sees from time to time whether there is more.
                if scarcity.isDue(now: .now), starting == 0 { start(1) }
            } else {
                start(demand.growth(observe()))
            }
            tick()
        }
    }
}
