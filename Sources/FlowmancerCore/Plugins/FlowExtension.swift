/// Observes the states of a job's tasks.
///
/// A type that also conforms to ``FlowLogger`` receives everything that the tasks write, too, no matter in which section
/// the job names it. One instance gets both kinds of events, one at a time. The output of an attempt comes before the
/// change of state that ends the attempt.
// Otherwise an optimised build drops types that only job files name.
@_alwaysEmitConformanceMetadata
public protocol FlowExtension: PluginLifecycle {
    /// Handles a change of state. Events arrive one at a time, in order, and none is missing.
    func update(_ event: ExecutionEvent) async throws
}
