import FlowmancerCore
import FlowmancerSystem

/// What happens to the pool. Workers have numbers, which are used again when they are gone.
enum PoolEvent {
    // MARK: The run

    /// There is an attempt to be executed.
    case submitted(Assignment, Admission)
    /// The attempt of a task, which was submitted before its time, may begin.
    case admitted(task: Int)
    /// The attempt of a task is no longer to be executed, unless a worker has it.
    case withdrawn(task: Int)
    /// The attempt of a task is to end. After the time its ending is performed on a fresh instance.
    case cancelled(task: Int, patience: Duration)
    /// The attempt of a task is to be killed with everything that it started.
    case killed(task: Int, remark: String)

    // MARK: The workers

    /// The source was asked to start the worker.
    case requested(Int)
    case worker(Int, WorkerNews)
    /// Something that an earlier attempt left behind still runs in the worker.
    case haunted(Int)
    /// A worker that is not ready wrote a line.
    case wrote(Int, [UInt8])
    /// An attempt that the worker was to be given is too large, for this reason.
    case tooLarge(Assignment, Int, String)
    /// The worker was in its phase for as long as it may be.
    case overdue(Int)
    /// The system refused something that all workers need.
    case unavailable(SystemError)
    /// All workers are lost.
    case lost(ProcessEnd)

    // MARK: The clock

    /// An interval is over in which the workers kept this many processors busy.
    case elapsed(load: Double)
}

/// What the pool has to do.
enum PoolAction {
    // MARK: To workers

    /// Have a worker started, if it is still planned.
    case start(Int, TaskRuntime, isHolder: Bool)
    /// Have an idle worker begin an attempt.
    case give(Int, Assignment)
    /// Have a busy worker hold an attempt.
    case hold(Int, Assignment)
    /// The worker has begun the attempt that it held.
    case beginHeld(Int, Assignment)
    case recall(Int, Assignment)
    case cancel(Int, Assignment, patience: Duration)
    case kill(Int)
    /// The worker is gone.
    case forget(Int)
    /// Report ``PoolEvent/overdue(_:)`` after this time.
    case limit(Int, Duration)
    /// Do not report that any more.
    case endLimit(Int)

    // MARK: To the run

    /// A worker gave an attempt back that it held.
    case returned(Assignment)
    /// An attempt is over.
    case ended(Assignment, AttemptReport)
    /// There are no workers, and there will be none.
    case fail(String)
    /// Fewer workers run than there could be.
    case reachedLimit(String, workers: Int)
    /// All workers are lost; others will be started.
    case lostWorkers(ProcessEnd)

    // MARK: The clock

    /// Report ``PoolEvent/elapsed(load:)`` after ``WorkerDemand/interval``.
    case watch
}
