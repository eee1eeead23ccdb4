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
/// A type that is a ``FlowExtension``, too, also receives the changes of state.
///
/// swift-log has a `LogEvent`, too. A file that imports both modules says which one it means:
/// ```swift
/// import Flowmancer
/// import Logging
/// import struct Flowmancer.LogEvent
/// ```
// Otherwise an optimised build drops types that only job files name.
@_alwaysEmitConformanceMetadata
public protocol FlowLogger: PluginLifecycle {
    /// Handles one event. Events arrive one at a time and in order.
    func update(_ event: LogEvent) async throws
}
