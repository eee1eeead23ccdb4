/// Observes the states of a job's tasks.
///
/// A type that is a ``FlowLogger``, too, receives what the tasks write as well, in whichever section a job names it: both kinds
/// of events come to one instance, one at a time, and what an attempt wrote comes before the change of state that ends it.
// Otherwise an optimised build drops types that only job files name.
@_alwaysEmitConformanceMetadata
public protocol FlowExtension: PluginLifecycle {
    /// Handles one change of state. Events arrive one at a time, in order, and none is left out.
    func update(_ event: ExecutionEvent) async throws
}
