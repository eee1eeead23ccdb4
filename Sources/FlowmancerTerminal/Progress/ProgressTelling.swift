package import FlowmancerCore
package import struct FoundationEssentials.Date

/// What the progress display of a run tells: the lines that scroll, and at the end the failures and a summary.
///
/// A pure value. It is told every change of state, by the run itself or by whoever reads a run that is kept.
package struct ProgressTelling: Sendable {
    /// How far the run is.
    package var model = ProgressModel()
    private let renderer: ProgressRenderer
    private var narrator: ProgressNarrator
    private var failures = FailureList()

    package init(_ renderer: ProgressRenderer) {
        self.renderer = renderer
        narrator = ProgressNarrator(renderer: renderer)
    }

    /// Takes over one change of state.
    ///
    /// - Parameters:
    ///   - audience: Who reads the lines.
    ///   - log: Returns the path of a task's log, if it has one.
    /// - Returns: The lines that tell of it.
    package mutating func apply(
        _ event: ExecutionEvent,
        to audience: ProgressNarrator.Audience,
        log: (_ task: String) -> String?
    ) -> [String] {
        let beginning = model.beginning(of: event.taskName)
        model.apply(event)
        let log = event.failure == nil ? nil : log(event.taskName)
        failures.apply(event, log: log)
        return narrator.lines(for: event, to: audience, beginning: beginning, log: log, model: model)
    }

    /// Whether something is held back: more may belong to it.
    package var hasRest: Bool { narrator.hasRest }

    /// Returns what was held back.
    package mutating func rest() -> [String] { narrator.rest() }

    /// Returns what is told when no more changes follow.
    ///
    /// - Parameter outcome: How the run ended, if others know that better than the changes do.
    package mutating func ending(at now: Date, outcome: RunState? = nil) -> [String] {
        guard model.total > 0 else { return [] }
        let summary = renderer.summary(model, now: now, outcome: outcome)
        return narrator.rest() + failures.lines(renderer, progress: model.progress) + [summary]
    }
}
