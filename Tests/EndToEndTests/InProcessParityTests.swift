import Flowmancer
import FlowmancerTesting
import Foundation
import TestSupport
import Testing

@testable import test_app

/// What `runJob` says of a job is what the real engine does.
@Suite(.ownThread) struct InProcessParityTests {
    private var catalog: TypeCatalog {
        var catalog = TypeCatalog()
        let types: [any ParameterGroup.Type] = [
            NoOp.self, Fail.self, SucceedOnAttempt.self, SleepBriefly.self, Increment.self, PrintCounter.self,
            RecordingExtension.self, FileLogger.self, FileCheckpointer.self, FileHistory.self,
            RichProgressBar.self,
        ]
        for type in types { catalog.register(type) }
        return catalog
    }

    private let recorder = "extensions: {states: {extension: RecordingExtension, parameters: {target: states.txt}}}\n"

    /// Conditions that hold, that do not, and that have no value.
    private static let conditions = [
        ", when: \"$STATE{t0} == 'completed'\"", ", when: \"$STATE{t0} != 'completed'\"", ", when: \"$DICT{x:1} == 1\"",
        ", when: \"not ($DICT{x:1} == 1)\"", ", when: \"$DICT{x} == 1\"",
    ]

    /// Runs a job for real, and returns what every task went through.
    private func real(_ job: String, _ arguments: [String], in sandbox: Sandbox) throws -> [String: [String]] {
        try sandbox.write(job + recorder, to: "job.yaml")
        try? FileManager.default.removeItem(atPath: sandbox.path("states.txt"))
        _ = try sandbox.start(["-j", "job.yaml"] + arguments).wait()
        return Dictionary(
            grouping: try sandbox.read("states.txt").split(separator: "\n").map { $0.split(separator: " ") }
        ) {
            String($0[0])
        }.mapValues { $0.map { $0[1...].joined(separator: " ") } }
    }

    private func paths(_ run: JobTestRun) -> [String: [String]] {
        Dictionary(grouping: run.events, by: \.taskName)
            .mapValues { $0.map { "\($0.from.rawValue)\($0.to.rawValue) \($0.attempt)" } }
    }

    private func load(_ sandbox: Sandbox) throws -> JobDefinition {
        let context = JobLoadingContext(appRoot: sandbox.directory.path)
        return try YAMLJobDefinitionFormat().load(sandbox.path("job.yaml"), context: context).definition
    }

    @Test(arguments: 0..<18)
    func randomJobsGoThroughTheSameStates(seed: Int) async throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let count = Int.random(in: 3...10, using: &random)
        var job = "config: {name: parity, max_concurrency: \(Int.random(in: 0...3, using: &random))}\ntasks:\n"
        for number in 0..<count {
            let dependencies = (0..<number).filter { _ in random.chance(25) }.map { "t\($0)" }.joined(separator: ", ")
            let attempts = Int.random(in: 1...3, using: &random)
            let kind =
                switch Int.random(in: 0..<10, using: &random) {
                case 0: "Fail"
                case 1..<4:
                    "SucceedOnAttempt, parameters: {attempt: \(Int.random(in: 1...3, using: &random))}, backoff: 0.01"
                default: "NoOp"
                }
            // A third of the jobs has the usual rule only.
            let rules = seed % 3 > 0 ? TriggerRule.allCases : [.allCompleted]
            let rule = rules.randomElement(using: &random) ?? .allCompleted
            let when = number > 0 && random.chance(30) ? Self.conditions.randomElement(using: &random) ?? "" : ""
            let needed = when.contains("t0") && !dependencies.contains("t0") ? "t0, " : ""
            let retries =
                ["", "", ", retry_on: [Failure]", ", retry_on: [crash, 3]"].randomElement(using: &random) ?? ""
            job +=
                "  t\(number): {task: \(kind), max_attempts: \(attempts), dependencies: [\(needed)\(dependencies)], "
                + "run_if: \(rule.rawValue), allow_failure: \(seed % 3 > 0 && random.chance(25))\(when)\(retries)}\n"
        }
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        var selection = JobSelection()
        var arguments: [String] = []
        if random.chance(40) {
            selection.skip = ["t1"]
            arguments = ["--skip", "t1"]
        }
        if random.chance(40) {
            selection.runTo = "t\(count - 1)"
            arguments += ["--run-to", "t\(count - 1)"]
        }
        let expected = try real(job, arguments, in: sandbox)
        let run = try await runJob(load(sandbox), selection: selection, catalog: catalog)
        #expect(paths(run) == expected, "\(job)")

        // And both again, as restarts without a selection.
        let restarted = try real(job, ["-r"], in: sandbox)
        let wasComplete = arguments.isEmpty && run.result.exitCode == 0
        let again = try await runJob(load(sandbox), from: wasComplete ? nil : run.checkpoint, catalog: catalog)
        #expect(paths(again) == restarted, "\(job)")
    }

    @Test func aTimeLimitHasTheSameEffect() async throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = """
            tasks:
              slow: {task: SleepBriefly, parameters: {duration: 600}, timeout: 0.2, max_attempts: 2}
              after: {task: NoOp, dependencies: [slow]}

            """
        let expected = try real(job, [], in: sandbox)
        let run = try await runJob(load(sandbox), clock: ContinuousClock(), catalog: catalog)
        #expect(paths(run) == expected)
    }
}
