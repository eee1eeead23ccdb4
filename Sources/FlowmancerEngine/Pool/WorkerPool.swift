import FlowmancerCore
import FlowmancerSystem

/// Has attempts executed by workers, and says what becomes of them: performs what ``PoolState`` decides.
///
/// Used on the event loop only.
final class WorkerPool: AttemptPool {
    private let loop: EventLoop
    private let source: any WorkerSource
    unowned let delegate: any WorkerPoolDelegate
    var state: PoolState
    private let actions = ActionQueue<PoolAction>()
    private var isShutDown = false
    /// By the numbers of the workers.
    var workers: [Worker] = []
    var needsFlush: [any WorkerLink] = []
    private var isOutputPaused = false
    private var lastMeasurement = ContinuousClock.now

    /// What the pool has of a worker.
    struct Worker {
        var link: (any WorkerLink)?
        /// Ends its present phase if that lasts too long.
        var limit: EventLoop.Timer?
        /// The processor time that it had used when it was last measured; `nil` if it was idle then.
        var processorSeconds: Double?
    }

    init(_ source: any WorkerSource, cores: Int, on loop: EventLoop, delegate: any WorkerPoolDelegate) {
        self.loop = loop
        self.source = source
        self.delegate = delegate
        state = PoolState(cores: cores, offers: source.offers)
        source.observer = self
    }

    /// Prepares for starting workers.
    func open() {
        do {
            try source.open()
        } catch {
            handle(.unavailable(error))
        }
    }

    /// Ends all workers with everything that they started.
    func shutDown() {
        isShutDown = true
        source.shutDown()
        for worker in workers.indices { forget(worker) }
    }

    // MARK: What the run asks for

    /// Gives an attempt to a worker as soon as one is free and the attempt is admitted.
    func submit(_ assignment: Assignment, _ admission: Admission) {
        handle(.submitted(assignment, admission))
    }

    /// Lets the attempt of a task begin that was submitted before its time.
    func admit(task: Int) {
        handle(.admitted(task: task))
    }

    /// Forgets an attempt that no worker has taken up.
    func withdraw(task: Int) {
        handle(.withdrawn(task: task))
    }

    /// Tells an attempt to end that is running, or that a worker holds.
    ///
    /// - Parameter patience: The time after which its ending is performed on a fresh instance.
    func cancel(task: Int, endingAfter patience: Duration) {
        handle(.cancelled(task: task, patience: patience))
    }

    /// Kills a running attempt with everything that it started.
    func kill(task: Int, remark: String) {
        // An attempt that has reported its end keeps it: only its process is still to end.
        link(executing: task)?.takeReport()
        handle(.killed(task: task, remark: remark))
    }

    /// Takes in the reports that wait for slow loggers: of who has reported the end it cannot be said that it runs.
    func takeReports() {
        guard isOutputPaused else { return }
        for worker in workers.indices where state.isBusy(worker) { workers[worker].link?.takeReport() }
    }

    /// The attempt of a task that a worker has taken up.
    func assignment(of task: Int) -> Assignment? {
        state.executor(of: task).flatMap { state.workers[$0].assignment }
    }

    func machine(of task: Int) -> String? { nil }

    /// Whether a worker executes an attempt of a task and has not reported its end.
    func isUnderWay(task: Int) -> Bool {
        guard let worker = state.executor(of: task), state.isBusy(worker) else { return false }
        return workers[worker].link?.hasReportedEnd == false
    }

    /// Whether there is an attempt of a task, be it with a worker or waiting for one.
    func has(task: Int) -> Bool { if case .nowhere = state.place(of: task) { false } else { true } }

    /// Stops or resumes reading what tasks write, so that slow loggers slow tasks down instead of filling memory.
    func pauseOutput(_ isPaused: Bool) {
        guard isPaused != isOutputPaused else { return }
        isOutputPaused = isPaused
        // What one hands on may change that again. It is not always the same that comes last then.
        for worker in workers.indices.shuffled() where isOutputPaused == isPaused {
            workers[worker].link?.pauseOutput(isPaused)
        }
    }

    /// Sends what was queued for workers in this turn of the loop.
    func flush() {
        // What is queued meanwhile is for the next turn.
        let links = needsFlush
        needsFlush = []
        for link in links { link.flush() }
    }

    private func link(executing task: Int) -> (any WorkerLink)? {
        state.executor(of: task).flatMap { workers[$0].link }
    }

    // MARK: Performing

    /// Has an event decided on. What is told meanwhile is performed after what is to be performed now.
    func handle(_ event: PoolEvent) {
        guard !isShutDown else { return }
        state.handle(event, at: .now, &actions.pending)
        actions.performAll(while: { !isShutDown }, perform)
    }

    private func perform(_ action: PoolAction) {
        switch action {
        case .start(let worker, let runtime, let isHolder): start(worker, runtime, isHolder)
        case .give(let worker, let assignment):
            delegate.poolDidStart(assignment)
            send(assignment, to: worker) { try $0.give(assignment) }
        case .hold(let worker, let assignment):
            if send(assignment, to: worker, { try $0.hold(assignment) }) { delegate.poolDidHold(assignment) }
        case .beginHeld(let worker, let assignment):
            delegate.poolDidStart(assignment)
            workers[worker].link?.beginHeld()
        case .recall(let worker, let assignment): send(assignment, to: worker) { $0.recall(assignment) }
        case .cancel(let worker, let assignment, let patience):
            send(assignment, to: worker) { $0.cancel(assignment, endingAfter: patience) }
        case .kill(let worker): workers[worker].link?.kill()
        case .forget(let worker): forget(worker)
        case .limit(let worker, let limit):
            workers[worker].limit = loop.schedule(after: limit) { [weak self] in self?.handle(.overdue(worker)) }
        case .endLimit(let worker): workers[worker].limit.take()?.cancel()
        case .returned(let assignment): delegate.poolDidReturn(assignment)
        case .ended(let assignment, let report): delegate.pool(assignment, didEndWith: report)
        case .fail(let reason): delegate.poolDidFail(reason)
        case .reachedLimit(let reason, let count): delegate.poolDidReachLimit(reason, workers: count)
        case .lostWorkers(let end): delegate.poolDidLoseKeeper(end)
        case .watch: watch()
        }
    }

    private func start(_ worker: Int, _ runtime: TaskRuntime, _ isHolder: Bool) {
        guard state.isPlanned(worker) else { return }
        while workers.count <= worker { workers.append(Worker()) }
        do {
            let link = try source.start(worker, runtime: runtime, isHolder: isHolder)
            workers[worker].link = link
            if isOutputPaused { link.pauseOutput(true) }
            handle(.requested(worker))
        } catch {
            handle(.worker(worker, .refused(error)))
        }
    }

    private func forget(_ worker: Int) {
        guard worker < workers.count else { return }
        workers[worker].limit?.cancel()
        workers[worker].link?.close()
        workers[worker] = Worker()
    }

    @discardableResult
    private func send(
        _ assignment: Assignment,
        to worker: Int,
        _ write: (any WorkerLink) throws -> Void
    ) -> Bool {
        guard let link = workers[worker].link else { return false }
        do {
            try write(link)
        } catch {
            handle(.tooLarge(assignment, worker, "\(error)"))
            return false
        }
        needsFlush.append(link)
        return true
    }

    // MARK: The clock

    private func watch() {
        measureLoad()
        loop.schedule(after: WorkerDemand.interval) { [weak self] in
            guard let self, !isShutDown else { return }
            handle(.elapsed(load: measureLoad()))
            if !needsFlush.isEmpty { delegate.poolHasUnsent() }
        }
    }

    /// Returns the average number of processors that the workers kept busy since the last call. The first time that a
    /// worker is seen busy only starts its measurement, so that the effort of starting does not count.
    @discardableResult
    private func measureLoad() -> Double {
        let now = ContinuousClock.now
        let elapsed = (now - lastMeasurement) / .seconds(1)
        lastMeasurement = now
        var sum = 0.0
        for worker in workers.indices {
            let seconds = state.isBusy(worker) ? workers[worker].link?.processorSeconds : nil
            if let seconds, let before = workers[worker].processorSeconds { sum += seconds - before }
            workers[worker].processorSeconds = seconds
        }
        return elapsed > 0 ? sum / elapsed : 0
    }
}
