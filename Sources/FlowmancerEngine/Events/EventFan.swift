import FlowmancerCore

/// Hands the events of a run to its sinks, and numbers them. Used on the event loop only.
final class EventFan {
    /// The sinks for whose sake tasks that write may have to wait.
    let pacingSinks: [EventSink]
    private var runSinks, stateSinks, outputSinks, publishedSinks: [EventSink]
    private var lastNumber = 0

    init(_ sinks: [EventSink]) {
        pacingSinks = sinks.filter { $0.policy == .pacing }
        runSinks = sinks.filter { $0.interest.contains(.run) }
        stateSinks = sinks.filter { $0.interest.contains(.states) }
        outputSinks = sinks.filter { $0.interest.contains(.output) }
        publishedSinks = sinks.filter { $0.interest.contains(.published) }
    }

    /// Whether anybody wants changes of state. If not, none need be made.
    var wantsStates: Bool { !stateSinks.isEmpty }
    /// Whether anybody wants what attempts write. If not, no events need be made of it.
    var wantsOutput: Bool { !outputSinks.isEmpty }
    /// Whether anybody wants to know of the run as a whole. If not, no events need be made of that.
    var wantsRun: Bool { !runSinks.isEmpty }
    /// Whether anybody wants what tasks publish. If not, no events need be made of it.
    var wantsPublished: Bool { !publishedSinks.isEmpty }

    func publish(_ beginning: RunBeginning) { offer(.began(beginning), to: runSinks) }
    func publish(_ event: ExpansionEvent) { offer(.expanded(event), to: runSinks) }
    func publish(_ event: ExecutionEvent) { offer(.state(event), to: stateSinks) }
    func publish(_ event: TaskLogEvent) { offer(.output(event), to: outputSinks) }
    func publish(_ event: OutputEvent) { offer(.published(event), to: publishedSinks) }
    func publish(_ end: RunEnd) { offer(.ended(end), to: runSinks) }

    private func offer(_ content: RunEvent.Content, to sinks: [EventSink]) {
        lastNumber += 1
        let event = RunEvent(number: lastNumber, content)
        var isWanted = true
        for sink in sinks where !sink.offer(event) { isWanted = false }
        if !isWanted { forgetDismissed() }
    }

    /// Makes no more events for those who do not want any.
    private func forgetDismissed() {
        runSinks.removeAll(where: \.isDismissed)
        stateSinks.removeAll(where: \.isDismissed)
        outputSinks.removeAll(where: \.isDismissed)
        publishedSinks.removeAll(where: \.isDismissed)
    }
}
