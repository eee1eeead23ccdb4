public import Flowmancer
import FoundationEssentials

/// Checks whether a logger handles all output that tasks can write, in every kind of run.
///
/// ```swift
/// @Test func myLoggerKeepsEveryLine() async throws {
///     let file = try temporaryFile()
///     try await LoggerConformance {
///         try configured(MyLogger.self, ["path": .string(file)])
///     } output: {
///         try String(contentsOfFile: file, encoding: .utf8)
///     }.check()
/// }
/// ```
public struct LoggerConformance<Logger: FlowLogger>: Sendable {
    /// The time limit for the check of one rule.
    public var timeLimit: Duration = .seconds(600)

    private let make: @Sendable () async throws -> Logger
    private let output: (@Sendable () async throws -> String)?

    /// Creates a suite.
    ///
    /// - Parameters:
    ///   - make: Makes a new logger, with `configured` if it has required parameters.
    ///   - output: Returns the text that the loggers have written. It is called after their end. Without it, the text is not
    ///     checked.
    public init(
        _ make: @escaping @Sendable () async throws -> Logger,
        output: (@Sendable () async throws -> String)? = nil
    ) {
        self.make = make
        self.output = output
    }

    /// Checks all rules.
    ///
    /// - Returns: Which rules hold, and which do not apply.
    /// - Throws: ``ConformanceError`` with every rule that is broken.
    @discardableResult
    public func check() async throws -> ConformanceReport {
        let rules = [
            ConformanceRule("a run without tasks is no error, however it ends") {
                for ending in PluginRehearsal<FlowmancerCore.TaskLogEvent>.Ending.allCases {
                    try await rehearse([], ending: ending)
                }
            },
            ConformanceRule("a run that goes on from a checkpoint is no error") {
                try await rehearse(attempt(of: "a", ["a line"]), isRestart: true, ending: .success)
            },
            ConformanceRule("lines of every kind and severity are taken") {
                try await rehearse(LogSamples.lines.flatMap { attempt(of: "task", [$0]) }, ending: .failure)
                try await rehearse(LogSamples.events, ending: .success)
            },
            ConformanceRule("tasks of awkward names are taken") {
                try await rehearse(LogSamples.taskNames.flatMap { attempt(of: $0, ["a line"]) }, ending: .success)
            },
            ConformanceRule("attempts that write at the same time, and again after a failure, are taken") {
                try await rehearse(LogSamples.interleaved(tasks: 20, lines: 5), ending: .abort)
            },
            ConformanceRule("ten thousand lines are taken") {
                try await rehearse(attempt(of: "busy", (0..<10_000).map { "line \($0)" }), ending: .success)
            },
            ConformanceRule("two loggers of one job do not disturb each other") {
                try await withThrowingTaskGroup { group in
                    for task in ["x", "y"] {
                        group.addTask { try await rehearse(attempt(of: task, ["1", "2", "3"]), ending: .success) }
                    }
                    try await group.waitForAll()
                }
            },
            ConformanceRule("every line is in the output after the end, and those of a task are in order") {
                try await checkOutput()
            },
        ]
        return try await ConformanceRule.check(rules, of: Logger.self, within: timeLimit)
    }

    private func rehearse(
        _ events: [FlowmancerCore.TaskLogEvent],
        isRestart: Bool = false,
        ending: PluginRehearsal<FlowmancerCore.TaskLogEvent>.Ending
    ) async throws {
        let logger = try await make()
        try await PluginRehearsal(plugin: logger, update: { try await logger.update($0) })
            .perform(events, isRestart: isRestart, ending: ending)
    }

    private func attempt(of task: String, _ lines: [String]) -> [FlowmancerCore.TaskLogEvent] {
        LogSamples.attempt(of: task, lines)
    }

    private func checkOutput() async throws {
        guard let output else { throw ConformanceRule.Inapplicable() }
        let events = LogSamples.interleaved(tasks: 5, lines: 20)
        try await rehearse(events, ending: .success)
        let text = try await output()
        var position: [String: String.Index] = [:]
        for event in events where event.kind == .line {
            let message = event.message
            let key = "\(event.taskName), attempt \(event.attempt)"
            guard let found = text[(position[key] ?? text.startIndex)...].firstRange(of: message) else {
                let finding =
                    text.contains(message)
                    ? "the line '\(message)' is out of order" : "the line '\(message)' is missing"
                throw ConformanceRule.Finding(finding)
            }
            position[key] = found.upperBound
        }
    }
}
