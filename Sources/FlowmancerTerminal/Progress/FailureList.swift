package import FlowmancerCore

/// The tasks of a run that failed for good, for the summary at its end. A pure value.
package struct FailureList: Sendable {
    /// How many of them are listed.
    package static let listedTasks = 20
    /// How many of them are listed of a group of items.
    package static let listedMembers = 3

    fileprivate struct Entry {
        var task: String
        var attempt: Int
        var failure: AttemptFailure
        var log: String?
    }

    /// Failures in a group of items.
    fileprivate struct Group {
        var name: String
        var count = 0
        var listed = 0
    }

    /// Failures of one kind.
    fileprivate struct Part {
        var entries: [Entry] = []
        var count = 0
        var groups: [Group] = []
    }

    private var failed = Part()
    /// Those that may fail.
    private var allowed = Part()

    package init() {}

    /// Takes over one change of state.
    ///
    /// - Parameter log: The path of the task's log, if it has one.
    package mutating func apply(_ event: ExecutionEvent, log: String?) {
        guard event.to == .failed else { return }
        let failure = event.finalFailure ?? AttemptFailure(reason: "")
        let entry = Entry(task: event.taskName, attempt: event.attempt, failure: failure, log: log)
        let group = MemberName.items(of: event.taskName, in: event.groupName)
        if event.isAllowedFailure { allowed.add(entry, in: group) } else { failed.add(entry, in: group) }
    }

    /// Returns the list; nothing if no task failed.
    ///
    /// - Parameter progress: Returns how far a group of items is.
    package func lines(
        _ renderer: ProgressRenderer,
        progress: (_ group: String) -> GroupProgress? = { _ in nil }
    ) -> [String] {
        lines(of: allowed, heading: renderer.allowedFailureHeading, renderer, progress)
            + lines(of: failed, heading: renderer.failureHeading, renderer, progress)
    }

    private func lines(
        of part: Part,
        heading: (Int) -> String,
        _ renderer: ProgressRenderer,
        _ progress: (String) -> GroupProgress?
    ) -> [String] {
        guard part.count > 0 else { return [] }
        var lines = [heading(part.count)]
        for entry in part.entries {
            lines.append(renderer.failureLine(entry.task, attempt: entry.attempt, entry.failure))
            lines += renderer.details(of: entry.failure, log: entry.log, lines: ProgressRenderer.quotedAtEnd)
        }
        for group in part.groups {
            guard let total = progress(group.name)?.total else { continue }
            lines.append(renderer.failureLine(ofGroup: group.name, failed: group.count, of: total))
        }
        // The line of a group tells of those of its tasks that are not listed.
        let others = part.count - part.entries.count - part.groups.reduce(0) { $0 + $1.count - $1.listed }
        if others > 0 { lines.append("  and \(ProgressRenderer.grouped(others)) more") }
        return lines
    }
}

extension FailureList.Part {
    fileprivate mutating func add(_ entry: FailureList.Entry, in group: String?) {
        count += 1
        let hasRoom = entries.count < FailureList.listedTasks
        guard let group else {
            if hasRoom { entries.append(entry) }
            return
        }
        let number = groups.firstIndex { $0.name == group } ?? groups.count
        if number == groups.count {
            guard number < FailureList.listedTasks else { return }
            groups.append(.init(name: group))
        }
        groups[number].count += 1
        guard hasRoom, groups[number].listed < FailureList.listedMembers else { return }
        groups[number].listed += 1
        entries.append(entry)
    }
}
