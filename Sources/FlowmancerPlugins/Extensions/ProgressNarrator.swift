package import FlowmancerCore
package import struct FoundationEssentials.Date

/// Chooses which changes of a run are told, one line each, and which ones only count.
package struct ProgressNarrator: Sendable {
    /// Where the lines are read.
    package enum Audience: Sendable {
        /// By somebody who sees the live region: only bad news is told.
        case terminal
        /// In a file or a pipe: lines are all there is.
        case file
    }

    /// Up to how many tasks a job is told task by task.
    package static let smallJob = 50
    /// How many tasks of a large job are named that did not run for the same reason.
    package static let namedTasks = 20

    private let renderer: ProgressRenderer
    private let audience: Audience
    private var told: [ExecutionState: Int] = [:]
    private var lastTenth = 0

    package init(renderer: ProgressRenderer, audience: Audience) {
        self.renderer = renderer
        self.audience = audience
    }

    /// Returns the lines that tell of one change.
    ///
    /// - Parameters:
    ///   - event: The change.
    ///   - beginning: When the task began to run, if it did.
    ///   - model: The progress after the change.
    package mutating func lines(
        for event: ExecutionEvent,
        beginning: Date?,
        model: ProgressModel
    ) -> [String] {
        let isSmall = model.total <= Self.smallJob
        var lines: [String] = []
        if let line = renderer.line(for: event, beginning: beginning) {
            switch event.to {
            case .completed: if audience == .file, isSmall { lines.append(line) }
            case .defaulted, .aborted: lines += limited(line, event.to, isSmall: isSmall)
            default: lines.append(line)
            }
        }
        if audience == .file, !isSmall { lines += milestones(for: event, model) }
        return lines
    }

    private mutating func limited(_ line: String, _ state: ExecutionState, isSmall: Bool) -> [String] {
        told[state, default: 0] += 1
        let count = told[state] ?? 0
        if isSmall || count <= Self.namedTasks { return [line] }
        let word = state == .defaulted ? "defaulted" : "aborted"
        return count == Self.namedTasks + 1 ? ["further \(word) tasks are counted, not named"] : []
    }

    /// What a restarted run finds done is where it starts, not progress.
    private mutating func milestones(for event: ExecutionEvent, _ model: ProgressModel) -> [String] {
        let tenth = model.done * 10 / max(1, model.total)
        guard event.from != .initial else {
            // Also downwards: until the last task is known, the part that is done is not.
            lastTenth = tenth
            return []
        }
        guard tenth > lastTenth, event.to.isFinal else { return [] }
        lastTenth = tenth
        guard tenth < 10 else { return [] }
        return [renderer.milestone(tenth * 10, model, now: event.timestamp)]
    }
}
