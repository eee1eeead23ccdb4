import Flowmancer
import FoundationEssentials

/// What tasks may write.
enum LogSamples {
    static let lines = [
        "", " ", "a line", "tab\tand\rreturn", "\u{1B}[31mred\u{1B}[0m", "NUL \0", "日本語 e\u{301} 👩‍👩‍👧‍👦", "\u{FFFD}",
        "{\"a\": 1}",
        "100% %s %n $HOME `id` <b>&amp;</b> \"'\\", String(repeating: "long ", count: 50_000),
    ]

    /// Names that a job may give its tasks.
    static let taskNames = [
        "a b", "a/b/c", "ünïcödé", "日本", "-x", "a%2Fb", "a'b\"c", "$(id)", "*", String(repeating: "n", count: 300),
    ]

    /// Lines of every severity, with metadata, and with bytes that are no text.
    static let events: [FlowmancerCore.TaskLogEvent] =
        [event("task", .start)]
        + Severity.allCases.map { line("task", "a \($0.rawValue) line", $0) }
        + [
            line("task", "with metadata", metadata: ["key": "value", "": "\n\0\""]),
            line("task", "\u{FFFD}\u{FFFD}", rawBytes: [0xFF, 0xFE]),
            event("task", .end),
        ]

    static func event(
        _ task: String,
        _ kind: FlowmancerCore.TaskLogEvent.Kind,
        attempt: Int = 1
    ) -> FlowmancerCore.TaskLogEvent {
        FlowmancerCore.TaskLogEvent(
            jobName: "conformance",
            taskName: task,
            timestamp: Date(),
            attempt: attempt,
            kind: kind
        )
    }

    private static func line(
        _ task: String,
        _ message: String,
        _ severity: Severity = .info,
        attempt: Int = 1,
        metadata: [String: String] = [:],
        rawBytes: [UInt8] = []
    ) -> FlowmancerCore.TaskLogEvent {
        var event = event(task, .line, attempt: attempt)
        (event.severity, event.message) = (severity, message)
        (event.metadata, event.rawBytes) = (metadata, rawBytes)
        return event
    }

    /// The events of one attempt.
    static func attempt(of task: String, _ lines: [String]) -> [FlowmancerCore.TaskLogEvent] {
        [event(task, .start)] + lines.map { line(task, $0) } + [event(task, .end)]
    }

    /// Two attempts of every task, which write in turns.
    static func interleaved(tasks: Int, lines: Int) -> [FlowmancerCore.TaskLogEvent] {
        (1...2).flatMap { attempt in
            (0..<tasks).map { event("task-\($0)", .start, attempt: attempt) }
                + (0..<lines).flatMap { line in
                    (0..<tasks).map { task in
                        // A bar at the end: no marker is the beginning of another.
                        let message = "task-\(task) attempt \(attempt) line \(line)|"
                        let severity = Severity.allCases[line % Severity.allCases.count]
                        return Self.line("task-\(task)", message, severity, attempt: attempt)
                    }
                } + (0..<tasks).map { event("task-\($0)", .end, attempt: attempt) }
        }
    }
}
