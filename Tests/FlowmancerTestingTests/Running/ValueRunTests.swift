import Flowmancer
import FlowmancerTesting
import Testing

/// Values that are known in the run only, in `runJob`.
@Suite struct ValueRunTests {
    /// Logs what it is given.
    private struct Tells: FlowTask {
        @Parameter var text = "-"
        @Parameter var number: Int?
        @Parameter var list: [String] = []

        func run() async throws {
            logger.info("\(text) \(number.map(String.init) ?? "-") \(list)")
            if metadata.attempt < 2, text.hasPrefix("again") { throw SampleError("again") }
        }
    }

    private struct Lists: FlowTask {
        @Output var names: [String]
        @Output var count: Int
        @Output var missing: Int?

        mutating func run() async throws {
            names = ["a", "b"]
            count = 2
        }
    }

    private func job(_ parameters: [(String, ParameterValue)]) -> JobDefinition {
        var job = JobDefinition(name: "job")
        var task = TaskDefinition(Tells.self)
        for (key, value) in parameters { task.parameters[key] = value }
        job.tasks["tell"] = task
        job.addTask("list", Lists.self)
        return job
    }

    @Test func valuesReachTheTask() async throws {
        let job = job([
            ("text", .template("$OUT{list.count} of $OUT{list.names}, $OUT{list.missing:none}")),
            ("number", .output("list", "count")), ("list", .output("list", "names")),
        ])
        let run = try await runJob(job)
        #expect(run.states == ["tell": .completed, "list": .completed])
        #expect(run.messages(of: "tell") == [#"2 of ["a","b"], none 2 ["a", "b"]"#])
    }

    @Test func theDictionaryIsAskedWhenTheTaskStarts() async throws {
        let shared = SharedDict.inMemory()
        try await shared.set("n", to: 7)
        let run = try await runJob(job([("number", .shared("n")), ("text", .shared("n"))]), sharedDict: shared)
        #expect(run.messages(of: "tell") == ["7 7 []"])
    }

    @Test func allAttemptsHaveTheSameValues() async throws {
        var job = job([("text", .template("again $OUT{list.count}"))])
        job.tasks["tell"]?.maxAttempts = 2
        let run = try await runJob(job)
        #expect(run.messages(of: "tell").filter { $0.hasPrefix("again") } == ["again 2 - []", "again 2 - []"])
    }

    @Test func whatIsMissingFailsTheTaskBeforeItsFirstAttempt() async throws {
        let run = try await runJob(job([("number", .output("list", "missing"))]))
        #expect(run.states["tell"] == .failed)
        #expect(run.path(of: "tell") == [.initial, .failed] || run.path(of: "tell") == [.initial, .pending, .failed])
        #expect(
            run.events.last { $0.taskName == "tell" }?.reason
                == "parameters.number: $OUT{list.missing} has no value, because 'list' published no 'missing', only names, "
                + "count; write $OUT{list.missing:default} if it may have none"
        )
    }

    @Test func aRestartKeepsWhatWasRecorded() async throws {
        let shared = SharedDict.inMemory()
        try await shared.set("n", to: 7)
        let job = job([("text", "again"), ("number", .shared("n"))])
        let first = try await runJob(job, sharedDict: shared)
        #expect(first.states["tell"] == .failed)
        let second = SharedDict.inMemory()
        var checkpoint = first.checkpoint
        checkpoint.sharedDict["n"] = JSONText(rawValue: "8")
        let run = try await runJob(job, from: checkpoint, sharedDict: second)
        #expect(run.messages(of: "tell").first == "again 7 []")
    }

    @Test func typesAreCheckedBeforeAnythingRuns() async throws {
        for (value, message) in [
            (
                ParameterValue.output("list", "names"),
                "expects an integer, or nothing; 'list' publishes 'names' as list of text"
            ),
            (.output("list", "cuont"), "'list' publishes no 'cuont'; did you mean 'count'?"),
            (.output("lost", "count"), "no task is named 'lost'; did you mean 'list'?"),
            (.item, "$ITEM has a value only in a task with 'for_each'"),
            (.template("$VAR{x}"), "$VAR{x} has a value in job files only"),
            (.output("list", "co}unt"), "no job file could have"),
        ] {
            do {
                _ = try await runJob(job([("number", value)]))
                Issue.record("\(value) is refused")
            } catch let error as InvalidJobError {
                #expect(error.description.contains("tasks.tell.parameters.number: "), "\(error)")
                #expect(error.description.contains(message) || message == "no job file could have", "\(error)")
            }
        }
    }
}
