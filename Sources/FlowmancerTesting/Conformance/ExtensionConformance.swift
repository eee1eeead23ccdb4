public import Flowmancer

/// Checks whether an extension handles every sequence of states that a run can have.
///
/// ```swift
/// @Test func myExtensionTakesEveryRun() async throws {
///     try await ExtensionConformance { MyExtension() }.check()
/// }
/// ```
public struct ExtensionConformance<Extension: FlowExtension>: Sendable {
    /// The seed of the random runs.
    public var seed: UInt64 = 1
    /// The number of random runs.
    public var runs = 50
    /// The time limit for the check of one rule.
    public var timeLimit: Duration = .seconds(600)

    private let make: @Sendable () async throws -> Extension

    /// Creates a suite.
    ///
    /// - Parameter make: Makes a new extension.
    public init(_ make: @escaping @Sendable () async throws -> Extension) {
        self.make = make
    }

    /// Checks all rules.
    ///
    /// - Returns: Which rules hold.
    /// - Throws: ``ConformanceError`` with every rule that is broken.
    @discardableResult
    public func check() async throws -> ConformanceReport {
        let rules = [
            ConformanceRule("a run without tasks is no error, however it ends") {
                for ending in PluginRehearsal<ExecutionEvent>.Ending.allCases { try await rehearse([], ending: ending) }
            },
            ConformanceRule("a run of one task is no error, however it ends") {
                try await rehearse(RandomRun.events(["a": []], outcomes: [.succeeded]), ending: .success)
                try await rehearse(RandomRun.events(["a": []], outcomes: [.failed(.error)]), ending: .failure)
                try await rehearse(RandomRun.events(["a": []], outcomes: [.aborted]), ending: .abort)
            },
            ConformanceRule("a run that goes on from a checkpoint is no error") {
                let events = RandomRun.events(["a": [], "b": ["a"]], completed: ["a"], outcomes: [.succeeded])
                try await rehearse(events, isRestart: true, ending: .success)
            },
            ConformanceRule("tasks of awkward names are taken") {
                let tasks = Dictionary(uniqueKeysWithValues: LogSamples.taskNames.map { ($0, [String]()) })
                try await rehearse(RandomRun.events(tasks, outcomes: [.succeeded]), ending: .success)
            },
            ConformanceRule("a run of thousands of tasks is taken") {
                let tasks = Dictionary(uniqueKeysWithValues: (0..<2_000).map { ("task-\($0)", [String]()) })
                try await rehearse(RandomRun.events(tasks, outcomes: [.succeeded]), ending: .success)
            },
            ConformanceRule("random runs with retries, failures, aborts and skipped tasks are taken") {
                for run in 0..<runs {
                    var random = RandomRun(seed: seed &* 1_000_003 &+ UInt64(run))
                    do {
                        try await rehearse(random.events(), isRestart: random.isRestart, ending: random.ending)
                    } catch let finding as ConformanceRule.Finding {
                        throw ConformanceRule.Finding("\(finding); seed \(seed), run \(run)")
                    }
                }
            },
            ConformanceRule("two extensions of one job do not disturb each other") {
                try await withThrowingTaskGroup { group in
                    for _ in 0..<2 {
                        group.addTask {
                            var random = RandomRun(seed: seed)
                            try await rehearse(random.events(), isRestart: random.isRestart, ending: random.ending)
                        }
                    }
                    try await group.waitForAll()
                }
            },
        ]
        return try await ConformanceRule.check(rules, of: Extension.self, within: timeLimit)
    }

    private func rehearse(
        _ events: [ExecutionEvent],
        isRestart: Bool = false,
        ending: PluginRehearsal<ExecutionEvent>.Ending
    ) async throws {
        let observer = try await make()
        try await PluginRehearsal(plugin: observer, update: { try await observer.update($0) })
            .perform(events, isRestart: isRestart, ending: ending)
    }
}
