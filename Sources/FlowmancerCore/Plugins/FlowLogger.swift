/// Receives what the tasks of a job write.
///
/// ```swift
/// actor LineCounter: FlowLogger {
///     @Parameter var target = "lines.txt"
///     private var lines = 0
///
///     func update(_ event: LogEvent) async throws {
///         if case .write = event.kind { lines += 1 }
///     }
/// }
/// ```
// Otherwise an optimised build drops types that only job files name.
@_alwaysEmitConformanceMetadata
public protocol FlowLogger: PluginLifecycle {
    /// Handles one event. Events arrive one at a time and in order.
    func update(_ event: LogEvent) async throws
}
