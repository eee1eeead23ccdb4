import Foundation

extension Sandbox {
    /// A change of a task's state, as `RecordingExtension` records it.
    struct StateChange: Sendable, Hashable {
        var task: String
        var to: String
        var attempt: Int
    }

    /// The changes of state that were recorded in `states.txt`. The name of a task can have spaces.
    func stateChanges() throws -> [StateChange] {
        try read("states.txt").split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ", omittingEmptySubsequences: false)
            guard words.count >= 3, let attempt = Int(words[words.count - 1]) else { return nil }
            let states = words[words.count - 2]
            return StateChange(
                task: words.dropLast(2).joined(separator: " "),
                to: String(states.suffix(1)),
                attempt: attempt
            )
        }
    }

    /// The tasks in the order in which their attempts began, once for each attempt.
    func beginnings() throws -> [String] { try stateChanges().filter { $0.to == "R" }.map(\.task) }

    /// The final states by task, as such a job recorded them.
    func finalStates() throws -> [String: String] {
        Dictionary(try stateChanges().map { ($0.task, $0.to) }) { _, last in last }
    }
}
