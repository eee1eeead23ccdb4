/// The moments of a run that every logger, extension and checkpointer may react to. All are optional.
///
/// An error that one of them throws is reported once and counted; it never fails the job, and the calls that follow are
/// made all the same: after an ``onCreate()`` that threw, events are still handed over.
public protocol PluginLifecycle: ParameterGroup, Sendable {
    /// Called first, before any task runs.
    func onCreate() async throws
    /// Called after ``onCreate()`` if the run continues an earlier one.
    func onRestart() async throws
    /// Called at the end of a run in which every task completed or was skipped.
    func onSuccess() async throws
    /// Called at the end of a run in which a task failed.
    func onFailure() async throws
    /// Called at the end of a run that was aborted.
    func onAbort() async throws
    /// Called last.
    func onDestroy() async throws
}

extension PluginLifecycle {
    /// Does nothing.
    public func onCreate() async throws {}
    /// Does nothing.
    public func onRestart() async throws {}
    /// Does nothing.
    public func onSuccess() async throws {}
    /// Does nothing.
    public func onFailure() async throws {}
    /// Does nothing.
    public func onAbort() async throws {}
    /// Does nothing.
    public func onDestroy() async throws {}
}
