import FlowmancerCore

/// Hands what happens in a run to its history: in batches, on the thread of the history, and without making the run wait.
struct HistoryFeed: Sendable {
    /// How long events come together before they are recorded.
    private static let interval = Duration.milliseconds(100)
    /// The longest pause after the history did not take events.
    private static let longestPause = Duration.seconds(10)

    private let history: any FlowHistory
    private let report: @Sendable (RunNotice) -> Void

    init(_ history: any FlowHistory, report: @escaping @Sendable (RunNotice) -> Void) {
        self.history = history
        self.report = report
    }

    /// Hosts the history in a run.
    func host(in context: FlowContext) -> PluginHost {
        let sink = EventSink("history", [.run, .states, .published], .withoutLoss)
        return PluginHost(history, sink, context: context, report: report, delivery: { await consume($0.sink) })
    }

    private func consume(_ sink: EventSink) async {
        guard let first = await sink.nextBatch() else { return }
        guard case .began(let beginning)? = first.first?.content, let recorder = await begin(beginning) else {
            sink.dismiss()
            return
        }
        var translation = EventTranslation()
        var events = first.dropFirst().compactMap { translation.translate($0) }
        var isFailing = false
        var pause = Self.interval
        while true {
            if !events.isEmpty {
                do {
                    try await recorder.append(events)
                    events = []
                    pause = Self.interval
                } catch {
                    // One that was interrupted says so itself.
                    if !isFailing, !Task.isCancelled { report(.historyFailing(error.inWords)) }
                    isFailing = true
                    pause = min(pause * 2, Self.longestPause)
                }
            }
            await sink.pause(atMost: pause)
            // What was not taken is offered again also if nothing else happens.
            guard let batch = events.isEmpty ? await sink.nextBatch() : sink.takeBatch() else { break }
            for event in batch { if let event = translation.translate(event) { events.append(event) } }
        }
        do {
            if !events.isEmpty { try await recorder.append(events) }
            try await recorder.close()
        } catch {
            if !isFailing, !Task.isCancelled { report(.historyFailing(error.inWords)) }
        }
    }

    private func begin(_ beginning: RunBeginning) async -> (any RunRecorder)? {
        do {
            let shape = RunShape(beginning.info.job, beginning.roster, mask: beginning.info.mask)
            return try await history.beginRun(RunRecord(beginning.info), shape)
        } catch {
            report(.historyUnavailable(error.inWords))
            return nil
        }
    }
}
