extension ExecutionState {
    private static let wordings: [(state: ExecutionState, words: String)] = [
        (.completed, "completed"), (.skipped, "skipped"), (.failed, "failed"),
        (.defaulted, "not run since a dependency failed"), (.aborted, "aborted"),
    ]

    /// Returns how many tasks ended in which way: "1 failed, 2 not run since a dependency failed".
    ///
    /// - Parameter count: Returns how many tasks are in a state.
    package static func summary(count: (ExecutionState) -> Int) -> String {
        wordings.compactMap { state, words in
            let number = count(state)
            return number > 0 ? "\(number) \(words)" : nil
        }.joined(separator: ", ")
    }
}
