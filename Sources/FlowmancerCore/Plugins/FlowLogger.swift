/// Receives everything that the tasks of a job write.
///
/// ```swift
/// actor LineCounter: FlowLogger {
///     @Parameter var target = "lines.txt"
///     private var lines = 0
///
///     func update(_ event: TaskLogEvent) async throws {
///         if event.kind == .line { lines += 1 }
///     }
/// }
/// ```
/// A type that also conforms to ``FlowExtension`` receives the changes of state, too.
// Otherwise an optimised build drops types that only job files name.
@_alwaysEmitConformanceMetadata
public protocol FlowLogger: PluginLifecycle {
    /// Handles an event. Events arrive one at a time, in order.
    func update(_ event: TaskLogEvent) async throws
}
