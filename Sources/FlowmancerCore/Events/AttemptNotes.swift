/// What is known of attempts under way in case they fail: the last lines that they wrote, and the reasons of their failure.
///
/// An attempt that writes nothing and succeeds costs nothing here. Tasks go by their numbers.
package struct AttemptNotes: Sendable {
    /// Beyond this, a reason is cut.
    private static let keptReason = 2_000

    private struct Note {
        var errors = LineTail()
        var output = LineTail()
        var reasons: [String] = []
        /// Whether the process is writing the backtrace of a trap, which says less than the line before it.
        var isInBacktrace = false
    }

    private var notes: [Int: Note] = [:]

    package init() {}

    /// Takes note of a line that an attempt wrote.
    ///
    /// - Parameter isError: Whether it says what went wrong: it came from standard error, or was logged as an error.
    package mutating func note(_ line: UnsafeRawBufferPointer, isError: Bool, of task: Int) {
        if notes[task]?.isInBacktrace == true { return }
        if Self.beginsBacktrace(line) {
            notes[task, default: Note()].isInBacktrace = true
            return
        }
        if isError {
            notes[task, default: Note()].errors.append(line)
        } else {
            notes[task, default: Note()].output.append(line)
        }
    }

    /// Whether the Swift runtime begins a backtrace with a line.
    private static func beginsBacktrace(_ line: UnsafeRawBufferPointer) -> Bool {
        line.first == UInt8(ascii: "*")
            && (line.starts(with: "*** Signal ".utf8) || line.starts(with: "*** Program crashed: ".utf8))
    }

    /// Takes note of a message that an attempt logged.
    package mutating func note(_ message: String, _ severity: Severity, of task: Int) {
        var message = message
        message.withUTF8 { bytes in
            for line in bytes.split(separator: UInt8(ascii: "\n")) {
                note(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: line)), isError: severity >= .error, of: task)
            }
        }
    }

    /// Takes note of what the log says about the end of an attempt.
    package mutating func note(reason: String, of task: Int) {
        let isLong = reason.utf8.count > Self.keptReason
        notes[task, default: Note()].reasons.append(isLong ? "\(reason.prefix(Self.keptReason))…" : reason)
    }

    /// Forgets an attempt that ended.
    ///
    /// - Returns: Why it failed, if it did.
    package mutating func take(of task: Int) -> AttemptFailure {
        guard let note = notes.removeValue(forKey: task) else { return AttemptFailure(reason: "") }
        let errors = note.errors.lines
        return AttemptFailure(
            reason: note.reasons.joined(separator: "\n"),
            lastLines: errors.isEmpty ? note.output.lines : errors
        )
    }

    /// Forgets an attempt that ended well.
    package mutating func drop(_ task: Int) {
        if !notes.isEmpty { notes[task] = nil }
    }
}
