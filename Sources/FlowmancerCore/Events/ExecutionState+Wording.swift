extension ExecutionState {
    private static let wordings: [(state: ExecutionState, words: String)] = [
        (.completed, "completed"), (.skipped, "skipped"), (.failed, "failed"),
        (.defaulted, "not run because other tasks failed"), (.aborted, "aborted"),
    ]

    /// Returns how many tasks ended in which way: "1 failed, 2 not run because other tasks failed".
    ///
    /// - Parameter count: Returns how many tasks are in a state.
    package static func summary(count: (ExecutionState) -> Int) -> String {
        wordings.compactMap { state, words in
            let number = count(state)
            return number > 0 ? "\(number) \(words)" : nil
        }.joined(separator: ", ")
    }

    /// Returns the same for a run in which failures were allowed, and names them: "3 completed, 1 failed as allowed (lint)".
    ///
    /// - Parameters:
    ///   - allowed: The tasks that failed as they may, or the first of them.
    ///   - allowedCount: How many there are.
    ///   - count: Returns how many tasks are in a state; of the failed ones, those that should not have failed.
    package static func summary(
        allowedFailures allowed: [String],
        of allowedCount: Int,
        upToDate: Int = 0,
        count: (ExecutionState) -> Int
    ) -> String {
        var others = summary { count($0) - ($0 == .completed ? upToDate : 0) }
        if upToDate > 0 { others += (others.isEmpty ? "" : ", ") + "\(upToDate) up to date" }
        guard allowedCount > 0 else { return others }
        let shown = allowed.prefix(namedTasks).map { $0.count > namedLength ? "\($0.prefix(namedLength))…" : $0 }
        let names = shown.map(\.printable).joined(separator: ", ") + (allowedCount > shown.count ? ", …" : "")
        return (others.isEmpty ? "" : "\(others), ") + "\(allowedCount) failed as allowed (\(names))"
    }

    /// How many tasks a summary names, and how much of their names it has.
    private static let namedTasks = 10
    private static let namedLength = 100
}
