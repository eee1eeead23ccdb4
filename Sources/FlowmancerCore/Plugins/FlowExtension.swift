/// Observes the states of a job's tasks.
// Otherwise an optimised build drops types that only job files name.
@_alwaysEmitConformanceMetadata
public protocol FlowExtension: PluginLifecycle {
    /// Handles one change of state. Events arrive one at a time, in order, and none is left out.
    func update(_ event: ExecutionEvent) async throws
}
