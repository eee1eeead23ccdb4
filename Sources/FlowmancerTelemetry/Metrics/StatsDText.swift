package import struct FoundationEssentials.Date

/// The lines that a StatsD daemon takes: `flowmancer.nightly.attempts.completed:1|c`.
package struct StatsDText: Sendable {
    private let prefix: String

    /// - Parameter jobName: The job; what is not a letter or a digit of ASCII becomes a `_` in the name of a metric.
    package init(jobName: String) {
        let name = jobName.utf8.map { byte -> Character in
            let character = Character(UnicodeScalar(byte))
            return byte < 0x80 && (character.isLetter || character.isNumber || character == "-") ? character : "_"
        }
        prefix = "flowmancer.\(String(name.isEmpty ? ["_"] : name))"
    }

    /// Returns the lines of an attempt that ended.
    package func lines(of attempt: RunMetrics.EndedAttempt) -> String {
        "\(prefix).attempts.\(attempt.outcome.rawValue):1|c\n\(prefix).attempt_duration:\(milliseconds(attempt.seconds))|ms"
    }

    /// Returns the line that says how many attempts run.
    package func line(running: Int) -> String { "\(prefix).running:\(running)|g" }

    /// Returns the lines of the end of a run.
    package func lines(ofEnd metrics: RunMetrics, now: Date) -> String {
        let outcome = metrics.ending?.isSuccess == true ? "succeeded" : "failed"
        return "\(prefix).runs.\(outcome):1|c\n\(prefix).job_duration:\(milliseconds(metrics.seconds(at: now)))|ms"
    }

    private func milliseconds(_ seconds: Double) -> Int { Int((min(seconds, 1e12) * 1_000).rounded()) }
}
