import FlowmancerCore

/// Counts the lines that attempts logged after they had ended, and says so: once for each attempt, and once more at the
/// end of the run if there were several.
struct LateLines {
    private struct Attempt {
        let task: String
        let number: Int
        var count = 1
    }

    /// How many characters of a line are shown.
    private static let shownLength = 300

    private var attempts: [UInt64: Attempt] = [:]

    /// Takes in a line.
    ///
    /// - Returns: What people should be told.
    mutating func add(_ line: LateLine, masker: SecretMasker?) -> RunNotice? {
        if attempts[line.attempt] != nil {
            attempts[line.attempt]?.count += 1
            return nil
        }
        let attempt = Attempt(task: line.taskName, number: line.attemptNumber)
        attempts[line.attempt] = attempt
        let text = masker.mask(line.message)
        let shown = text.count > Self.shownLength ? "\(text.prefix(Self.shownLength))…" : text
        return .loggedTooLate(task: attempt.task, attempt: attempt.number, line: shown)
    }

    /// What people should be told at the end of the run.
    var totals: [RunNotice] {
        attempts.sorted { $0.key < $1.key }.map(\.value).filter { $0.count > 1 }.map {
            .loggedTooLateInAll(task: $0.task, attempt: $0.number, count: $0.count)
        }
    }
}
