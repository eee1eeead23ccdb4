import FlowmancerCore

/// How groups are put into words.
extension ProgressRenderer {
    /// How many columns a name keeps beside all that can be said of a group.
    private static let readableName = 12

    /// How far a group is: "7/20 done, 2 running, 1 failed". Where that leaves no room for the name, less is said.
    func facts(of group: GroupProgress, beside name: String, columns: Int) -> String {
        let words: [(ExecutionState, String)] = [
            (.running, "running"), (.failed, "failed"), (.defaulted, "not run"), (.aborted, "aborted"),
            (.skipped, "skipped"),
        ]
        var parts = ["\(Self.grouped(group.done))/\(Self.grouped(group.total)) done"]
        parts += words.compactMap { state, word in
            let count = group.count(state)
            return count > 0 ? "\(Self.grouped(count)) \(word)" : nil
        }
        if group.allowedFailures > 0 { parts.append("\(Self.grouped(group.allowedFailures)) failed as allowed") }
        let room = columns - 7 - min(Self.readableName, DisplayWidth.of(name.printable))
        while parts.count > 1, DisplayWidth.of(parts.joined(separator: ", ")) > room { parts.removeLast() }
        return parts.joined(separator: ", ")
    }

    /// Returns the line that says how much of a group failed: "load: 3 of 100 failed".
    package func failureLine(ofGroup name: String, failed: Int, of total: Int) -> String {
        let counts = "\(Self.grouped(failed)) of \(Self.grouped(total)) failed"
        return "  \(style.paint(name.printable, .strong)): \(counts)"
    }
}
