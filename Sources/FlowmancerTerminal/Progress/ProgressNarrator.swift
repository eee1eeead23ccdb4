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
    /// Of how many failed attempts the last lines are quoted, and how many aborted tasks of a large job are named.
    package static let namedTasks = 20

    private let renderer: ProgressRenderer
    private var quotedFailures = 0
    private var abortedTasks = 0
    private var lastTenth = 0
    /// Why the tasks do not run that are told of next: those that depend on a task come right after it.
    private var reason = UnrunTasks.Reason.unknown
    /// Tasks that did not run, which are told of together.
    private var unrun: UnrunTasks?

    package init(renderer: ProgressRenderer) {
        self.renderer = renderer
    }

    /// Whether something is held back: more may belong to it.
    package var hasRest: Bool { unrun != nil }

    /// Returns what was held back.
    package mutating func rest() -> [String] {
        defer { unrun = nil }
        return unrun.map { [renderer.line(for: $0)] } ?? []
    }

    /// Returns the lines that tell of one change.
    ///
    /// - Parameters:
    ///   - event: The change.
    ///   - audience: Who reads them.
    ///   - beginning: When the task began to run, if it did.
    ///   - log: The path of the task's log, if it has one.
    ///   - model: The progress after the change.
    package mutating func lines(
        for event: ExecutionEvent,
        to audience: Audience,
        beginning: Date?,
        log: String? = nil,
        model: ProgressModel
    ) -> [String] {
        let isSmall = model.total <= Self.smallJob
        var lines = holdBack(event)
        if let line = renderer.line(for: event, beginning: beginning) {
            switch event.to {
            case .completed: if audience == .file, isSmall { lines.append(line) }
            case .aborted: lines += limited(line, isSmall: isSmall)
            default: lines.append(line)
            }
        }
        if let failure = event.failure, event.to != .aborted, quotedFailures < Self.namedTasks {
            quotedFailures += 1
            lines += renderer.details(of: failure, log: log, lines: ProgressRenderer.quotedInPlace)
        }
        let milestones = milestones(for: event, model)
        return audience == .file && !isSmall ? lines + milestones : lines
    }

    /// Collects tasks that did not run for one reason.
    ///
    /// - Returns: What tells of others, if this event does not belong to them.
    private mutating func holdBack(_ event: ExecutionEvent) -> [String] {
        let reason: UnrunTasks.Reason
        switch (event.from, event.to) {
        // The failure that many tasks have in common says more than the dependency of each.
        case (_, .defaulted) where self.reason == .unknown: reason = event.reason.map { .said($0) } ?? .unknown
        case (_, .defaulted): reason = self.reason
        case (.running, .aborted):
            self.reason = .aborted(event.taskName)
            return rest()
        // Nothing fails to run because of a failure that is allowed.
        case (_, .failed) where !event.isAllowedFailure:
            self.reason = .failed(event.taskName)
            return rest()
        case (_, .aborted): reason = .runAborted
        default: return rest()
        }
        let told = unrun?.reason == reason ? [] : rest()
        unrun = unrun ?? UnrunTasks(reason: reason)
        unrun?.add(event.taskName)
        return told
    }

    private mutating func limited(_ line: String, isSmall: Bool) -> [String] {
        abortedTasks += 1
        if isSmall || abortedTasks <= Self.namedTasks { return [line] }
        return abortedTasks == Self.namedTasks + 1 ? ["further aborted tasks are counted but not named"] : []
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
