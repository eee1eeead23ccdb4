import FlowmancerCore
import Synchronization

/// Runs one plug-in beside the run: hands it events in order, and keeps its errors and its slowness to itself.
final class PluginHost: Sendable {
    let plugin: any PluginLifecycle
    let calls: PluginCalls
    /// The events that the plug-in gets.
    let sink: EventSink
    private let delivery: @Sendable (PluginHost) async -> Void
    private let report: @Sendable (RunNotice) -> Void
    private let errors = Mutex(Errors())

    /// The plug-in's name in the job, with its section: `loggers.slack`.
    var name: String { sink.name }

    private struct Errors {
        var count = 0
        var first = ""
        /// The last one that differs from the first.
        var last: String?
    }

    /// Creates a host.
    ///
    /// - Parameters:
    ///   - sink: The events that the plug-in gets.
    ///   - report: Receives the first error, and at the end how many there were and the last one, if it is another.
    ///   - delivery: Hands on the events until the sink was closed and none is left.
    init(
        _ plugin: any PluginLifecycle,
        _ sink: EventSink,
        context: FlowContext,
        report: @escaping @Sendable (RunNotice) -> Void,
        delivery: @escaping @Sendable (PluginHost) async -> Void
    ) {
        self.plugin = plugin
        self.sink = sink
        self.delivery = delivery
        self.report = report
        calls = PluginCalls(sink.name, context: context)
    }

    /// Creates a host of a plug-in that gets its events one by one.
    ///
    /// - Parameter deliver: Hands one event to the plug-in.
    convenience init(
        _ plugin: any PluginLifecycle,
        _ sink: EventSink,
        context: FlowContext,
        report: @escaping @Sendable (RunNotice) -> Void,
        deliver: @escaping @Sendable (RunEvent) async throws -> Void
    ) {
        let delivery: @Sendable (PluginHost) async -> Void = { host in
            while let event = await sink.next() {
                await host.attempt { try await deliver(event) }
            }
        }
        self.init(plugin, sink, context: context, report: report, delivery: delivery)
    }

    /// Hands on events until the sink was closed and none is left.
    func consume() async { await delivery(self) }

    /// Calls a method of the plug-in. The first error is reported, and the others are counted.
    func attempt(_ body: @Sendable () async throws -> Void) async {
        do {
            try await body()
        } catch is CancellationError where Task.isCancelled {
            // It was too slow, which is what was reported.
        } catch {
            let text = error.inWords
            let isFirst = errors.withLock { errors in
                errors.count += 1
                if errors.count == 1 {
                    errors.first = text
                } else if text != errors.first {
                    errors.last = text
                }
                return errors.count == 1
            }
            if isFirst { report(.pluginFailed(name, text)) }
        }
    }

    /// Says how many errors there were and how many events were lost, if any.
    func reportTotals() {
        let (count, last) = errors.withLock { ($0.count, $0.last) }
        if count > 1 { report(.pluginErrors(name, count: count, last: last)) }
        if sink.lost > 0 { report(.pluginDropped(name, count: sink.lost)) }
    }
}
