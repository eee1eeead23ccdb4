/// The methods that are called on every plug-in in the course of a run. All are optional.
///
/// An error that you throw never fails the job. The first error of a plug-in is reported, and the others are counted. Later
/// methods are still called: a plug-in gets events even if its ``onCreate()`` threw an error.
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
    /// Called last, however the run ended.
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
