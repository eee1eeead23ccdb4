import FlowmancerCore
import FlowmancerSystem

/// Decides which worker executes which attempt, how many workers there are, and what becomes of both.
///
/// A pure value: events go in, actions come out; it does no I/O and knows no clock.
struct PoolState {
    /// Where the attempt of a task is.
    enum Place {
        case nowhere
        case waiting(lane: UInt8, WaitingAttempts.Line)
        /// A worker has it, but executes another one before.
        case held(by: Int32)
        /// A worker executes it, or its end is told when that worker is gone.
        case executed(by: Int32)
    }

    /// The workers of one runtime, and the attempts that wait for them.
    struct Lane {
        let offer: WorkerOffer
        var waiting = WaitingAttempts()
        var idle: [Int] = []
        /// Workers that may be able to hold an attempt: looked at when there is one to hold.
        var candidates: [Int] = []
        /// How many workers there are, and how many of them are on their way.
        var total = 0
        var starting = 0
        var demand: WorkerDemand
        /// How many attempts ended in the present interval.
        var endedInInterval = 0
    }

    /// By their numbers.
    var workers: [PoolWorker] = []
    /// Numbers of workers that are gone.
    var vacancies: [Int] = []
    /// By the numbers of the tasks.
    var places: [Place] = []
    var lanes: [Lane]
    /// How many workers hold an attempt.
    var holders = 0
    var isWatching = false
    /// While the system gives no more workers.
    var scarcity: WorkerScarcity?
    var lastNotice: (reason: String, time: SuspendingClock.Instant)?
    /// Workers in a row that ended before they were ready, while there were no others, and what all such wrote.
    var stillborn = 0
    var stillbornOutput: [UInt8] = []
    /// How often in a row all workers were lost before one was ready.
    var losses = 0
    /// The time of the present event, and what is to be done about it.
    var now = SuspendingClock.now
    var actions: [PoolAction] = []

    /// How many workers may be stillborn, or how often all be lost, before the pool gives up.
    static let patience = 3
    /// How much of what stillborn workers wrote is kept, in bytes.
    static let shownOutput = 2_000
    /// How often people are told again that the system gives no more workers.
    static let noticeInterval: Duration = .seconds(60)
    /// An attempt that a worker holds longer than this is taken back.
    static let holdingTime: Duration = .milliseconds(5)
    /// How long a worker that executed its last attempt may take to end by itself.
    static let farewell: Duration = .seconds(2)

    init(cores: Int, offers: [WorkerOffer]) {
        lanes = offers.map { Lane(offer: $0, demand: WorkerDemand(cores: cores)) }
    }

    /// Takes in an event and appends what to do about it, in this order.
    mutating func handle(_ event: PoolEvent, at time: SuspendingClock.Instant, _ actions: inout [PoolAction]) {
        now = time
        // The caller's memory is used again and again.
        swap(&self.actions, &actions)
        defer { swap(&self.actions, &actions) }
        switch event {
        case .submitted(let assignment, let admission): submit(assignment, admission)
        case .admitted(let task): admit(task)
        case .withdrawn(let task): withdraw(task)
        case .cancelled(let task, let patience): cancel(task, patience)
        case .killed(let task, let remark): kill(task, remark)
        case .requested(let worker): noteRequest(of: worker)
        case .tooLarge(let assignment, let worker, let reason): refuse(assignment, worker, reason)
        case .worker(let worker, .started): noteStart(of: worker)
        case .worker(let worker, .refused(let error)): noteRefusal(of: worker, error)
        case .worker(let worker, .ready): welcome(worker)
        case .worker(let worker, .returned(let attempt)): noteReturn(of: attempt, worker)
        case .worker(let worker, .ended(let end)): noteEnd(end, worker)
        case .worker(let worker, .misbehaved(let reason)): distrust(worker, reason)
        case .worker(let worker, .gone(let end)): bury(worker, end)
        case .haunted(let worker): haunt(worker)
        case .wrote(let worker, let line): if workers[worker].phase.isStarting { noteStillbornOutput(line) }
        case .overdue(let worker): end(overdue: worker)
        case .unavailable(let error): note(error, workers: total)
        case .lost(let end): lose(end)
        case .elapsed(let load): elapse(load)
        }
    }

    // MARK: Questions

    /// How many workers there are, those on their way included.
    var total: Int { lanes.reduce(0) { $0 + $1.total } }

    func place(of task: Int) -> Place { task < places.count ? places[task] : .nowhere }

    /// The worker that executes an attempt of a task.
    func executor(of task: Int) -> Int? {
        if case .executed(let worker) = place(of: task) { Int(worker) } else { nil }
    }

    /// Whether a worker executes an attempt, as far as it has told.
    func isBusy(_ worker: Int) -> Bool { if case .busy = workers[worker].phase { true } else { false } }

    /// Whether a worker is still to be requested.
    func isPlanned(_ worker: Int) -> Bool { if case .planned = workers[worker].phase { true } else { false } }

    // MARK: Transitions

    /// The only place where the phase of a worker changes: what is counted follows from it.
    mutating func enter(_ phase: PoolWorker.Phase, _ worker: Int) {
        let lane = workers[worker].lane
        if case .vacant = workers[worker].phase { lanes[lane].total += 1 }
        if case .vacant = phase { lanes[lane].total -= 1 }
        if workers[worker].phase.isStarting { lanes[lane].starting -= 1 }
        if phase.isStarting { lanes[lane].starting += 1 }
        if case .idle = workers[worker].phase, let index = lanes[lane].idle.lastIndex(of: worker) {
            lanes[lane].idle.remove(at: index)
        }
        if case .idle = phase { lanes[lane].idle.append(worker) }
        // A start is limited as a whole.
        if workers[worker].isLimited, !phase.isStarting {
            workers[worker].isLimited = false
            actions.append(.endLimit(worker))
        }
        workers[worker].phase = phase
    }

    /// Limits the time of the present phase of a worker.
    mutating func limit(_ worker: Int, to limit: Duration) {
        workers[worker].isLimited = true
        actions.append(.limit(worker, limit))
    }

    /// Makes room for a worker.
    mutating func plan(in lane: Int) {
        // What makes a light worker a holder is much of what it costs. Where there are many, they wait for something.
        let isFrugal = lanes[lane].offer.isLight && lanes[lane].total >= lanes[lane].demand.base
        let isHolder = lanes[lane].offer.canHold && lanes[lane].waiting.isolatedCount == 0 && !isFrugal
        let worker = PoolWorker(lane: lane, isHolder: isHolder, began: now)
        let number = vacancies.popLast() ?? workers.count
        if number == workers.count { workers.append(worker) } else { workers[number] = worker }
        enter(.planned, number)
        actions.append(.start(number, lanes[lane].offer.runtime, isHolder: isHolder))
    }

    /// Forgets a worker that is gone.
    mutating func vacate(_ worker: Int) {
        enter(.vacant, worker)
        vacancies.append(worker)
        actions.append(.forget(worker))
    }

    /// Ends a worker. Its end is handled when it is told.
    mutating func retire(_ worker: Int, _ ending: (Assignment, AttemptReport)?) {
        enter(.retiring(ending), worker)
        actions.append(.kill(worker))
    }
}
