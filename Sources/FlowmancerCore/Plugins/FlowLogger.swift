/// Receives everything that the tasks of a job write.
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
/// A type that also conforms to ``FlowExtension`` receives the changes of state, too.
///
/// swift-log has a type `LogEvent`, too. If a file imports both modules, say which one you mean:
/// ```swift
/// import Flowmancer
/// import Logging
/// import struct Flowmancer.LogEvent
/// ```
// Otherwise an optimised build drops types that only job files name.
@_alwaysEmitConformanceMetadata
public protocol FlowLogger: PluginLifecycle {
    /// Handles an event. Events arrive one at a time, in order.
    func update(_ event: LogEvent) async throws
}
