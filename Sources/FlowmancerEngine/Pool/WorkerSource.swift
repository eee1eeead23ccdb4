import FlowmancerCore
import FlowmancerSystem

/// Starts workers. Used on the event loop only.
protocol WorkerSource: AnyObject {
    /// The workers that it can start.
    var offers: [WorkerOffer] { get }
    /// Is told everything about the workers, until ``shutDown()``. It is set before all else.
    var observer: (any WorkerObserver)! { get set }

    /// Prepares for starting workers, so that the first one is there sooner.
    ///
    /// - Throws: ``SystemError``
    func open() throws(SystemError)

    /// Starts a worker; news of it follow.
    ///
    /// - Parameters:
    ///   - worker: By this number the observer is told about the worker. It may have been that of an earlier one that is
    ///     gone.
    ///   - isHolder: Whether it will be given attempts while it executes others.
    /// - Throws: ``SystemError``
    func start(_ worker: Int, runtime: TaskRuntime, isHolder: Bool) throws(SystemError) -> any WorkerLink

    /// Ends all workers with everything that they started. No news follow.
    func shutDown()
}

/// A kind of workers that a ``WorkerSource`` can start.
struct WorkerOffer {
    /// What they execute.
    let runtime: TaskRuntime
    /// Whether one can be given its next attempt while it executes another.
    let canHold: Bool
    /// How long one may take until it is ready.
    let startLimit: Duration
    /// Whether a worker costs so little that more of them than usual are started at once.
    var isLight = false
}
