import Flowmancer
import FlowmancerTesting
import FoundationEssentials
import Synchronization
import Testing

@Suite struct RunJobTests {
    @Test func tasksRunInTheOrderOfTheirDependencies() async throws {
        var job = JobDefinition(name: "job")
        job.addTask("c", Sleeps.self, dependsOn: ["b"], parameters: ["duration": 1])
        job.addTask("a", Sleeps.self, parameters: ["duration": 2])
        job.addTask("b", Sleeps.self, dependsOn: ["a"], parameters: ["duration": 3])
        let run = try await runJob(job).requireSuccess()
        #expect(run.states == ["a": .completed, "b": .completed, "c": .completed])
        #expect(try await run.sharedDict.get("order") == ["a", "b", "c"])
        #expect(run.path(of: "c") == [.initial, .pending, .running, .completed])
        #expect(run.messages(of: "b") == ["asleep", "awake"])
        #expect(run.log.filter { $0.taskName == "a" }.map(\.kind).first == .start)
        #expect(run.log.filter { $0.taskName == "a" }.map(\.kind).last == .end)
    }

    @Test func theClockMovesToWhoWakesFirst() async throws {
        var job = JobDefinition(name: "job")
        for seconds in [5, 3, 9, 1, 7] {
            job.addTask("t\(seconds)", Sleeps.self, parameters: ["duration": .int(seconds)])
        }
        let clock = ManualClock(.whenAllSleep)
        let run = try await runJob(job, clock: clock)
        #expect(try await run.sharedDict.get("order") == ["t1", "t3", "t5", "t7", "t9"])
        #expect(clock.now.offset == .seconds(9))
    }

    @Test func hoursOfBackoffPassAtOnce() async throws {
        var job = JobDefinition(name: "job")
        job.addTask("a", FailsAtFirst.self, parameters: ["failures": 3]) {
            $0.maxAttempts = 4
            $0.backoff = Backoff(first: .seconds(3_600))
        }
        let clock = ManualClock(.whenAllSleep)
        let run = try await runJob(job, clock: clock)
        #expect(run.states == ["a": .completed])
        #expect(clock.now.offset == .seconds(3 * 3_600))
        #expect(run.events.filter { $0.from == .running }.map(\.attempt) == [1, 2, 3, 4])
        #expect(run.failures.map(\.description).first == "a, attempt 1: run failed: attempt 1")
        #expect(run.messages(of: "a", attempt: 4) == ["a detail", "done"])
    }

    @Test func pausesGrowWithoutChance() async throws {
        var job = JobDefinition(name: "job")
        job.addTask("a", FailsAtFirst.self, parameters: ["failures": 4]) { $0.maxAttempts = 5 }
        job.tasks["a"]?.backoff = Backoff(first: .seconds(60), factor: 2, max: .seconds(300), jitter: 1)
        let clock = ManualClock(.whenAllSleep)
        #expect(try await runJob(job, clock: clock).states == ["a": .completed])
        #expect(clock.now.offset == .seconds(60 + 120 + 240 + 300))
    }

    @Test func onlyWhatIsListedIsRetried() async throws {
        var job = JobDefinition(name: "job")
        for (name, causes) in [("listed", [.errors(of: SampleError.self)]), ("unlisted", [.timeout])]
            as [(String, [RetryCause])]
        {
            job.addTask(name, FailsAtFirst.self) { $0.maxAttempts = 2 }
            job.tasks[name]?.retryOn = causes
        }
        let run = try await runJob(job)
        #expect(run.states == ["listed": .completed, "unlisted": .failed])
        let reason = "no further attempt: 'retry_on' does not list the error SampleError"
        #expect(run.events.compactMap(\.reason) == [reason])
        #expect(run.messages(of: "unlisted").last == "N\(reason.dropFirst()).")
    }

    @Test func theTimeLimitOfARunIsThatOfTheClock() async throws {
        var job = JobDefinition(name: "job")
        job.configuration.timeout = .limited(to: .seconds(3_600))
        job.addTask("short", Sleeps.self, parameters: ["duration": 60])
        job.addTask("long", Sleeps.self, dependsOn: ["short"], parameters: ["duration": 7_200])
        job.addTask("after", Counts.self, dependsOn: ["long"])
        let run = try await runJob(job)
        #expect(run.states == ["short": .completed, "long": .aborted, "after": .aborted])
        #expect(run.result.exceededTimeLimit == .seconds(3_600))
        #expect(run.result.exitCode == 99)
        job.configuration.timeout = .unlimited
        #expect(try await runJob(job, from: run.checkpoint).result.exitCode == 0)
    }

    @Test func afterTooManyFailuresNothingElseStarts() async throws {
        var job = JobDefinition(name: "job")
        job.configuration.maxConcurrency = 1
        job.configuration.maxFailures = 1
        job.addTask("a", FailsAtFirst.self)
        job.addTask("b", Counts.self)
        let run = try await runJob(job)
        #expect(run.states == ["a": .failed, "b": .defaulted])
        #expect(run.events.compactMap(\.reason) == ["too many tasks failed before"])
    }

    @Test func failuresReachTheirDependents() async throws {
        var job = JobDefinition(name: "job")
        job.addTask("a", FailsAtFirst.self)
        job.addTask("b", Counts.self, dependsOn: ["a"])
        job.addTask("c", Counts.self)
        let run = try await runJob(job)
        #expect(run.states == ["a": .failed, "b": .defaulted, "c": .completed])
        #expect(run.events.compactMap(\.reason) == ["its dependency 'a' failed"])
        #expect(run.result.exitCode == 2)
        let error = #expect(throws: JobTestFailedError.self) { try run.requireSuccess() }
        #expect(
            error?.description == "the job failed: a is failed, b is defaulted\n  a, attempt 1: run failed: attempt 1"
        )
    }

    @Test func aTimeLimitIsThatOfTheClock() async throws {
        var job = JobDefinition(name: "job")
        job.addTask("slow", Sleeps.self, parameters: ["duration": 11]) {
            $0.maxAttempts = 2
            $0.timeout = .limited(to: .seconds(10))
        }
        job.addTask("fast", Sleeps.self, parameters: ["duration": 9]) { $0.timeout = .limited(to: .seconds(10)) }
        let run = try await runJob(job)
        #expect(run.states == ["slow": .failed, "fast": .completed])
        #expect(run.messages(of: "slow", attempt: 2).contains("aborted"))
        #expect(run.messages(of: "slow").contains("The task exceeded its time limit of 10 s, so it is cancelled."))
    }

    @Test func aRestartGoesOn() async throws {
        var job = JobDefinition(name: "job")
        job.addTask("a", Counts.self)
        job.addTask("b", Chatty.self, dependsOn: ["a"], parameters: ["fails_in": ["run"]])
        job.addTask("c", Counts.self, dependsOn: ["b"])
        let first = try await runJob(job)
        #expect(first.states == ["a": .completed, "b": .failed, "c": .defaulted])
        job.addTask("b", Chatty.self, dependsOn: ["a"])
        let second = try await runJob(job, from: first.checkpoint)
        #expect(second.states == ["a": .completed, "b": .completed, "c": .completed])
        #expect(second.path(of: "a") == [.initial, .completed])
        #expect(second.messages(of: "b") == ["onCreate", "onRestart", "run", "onSuccess", "onDestroy"])
        #expect(try await second.sharedDict.get("count") == 2)
    }

    @Test func whatTasksPublishIsReturnedAndKeptByARestart() async throws {
        var job = JobDefinition(name: "job")
        job.addTask("a", Publishes.self, parameters: ["failures": 2]) { $0.maxAttempts = 3 }
        job.addTask("b", Publishes.self, parameters: ["failures": 1])
        job.addTask("c", Counts.self)
        job.addTask("shell", Shell.self, parameters: ["command": "echo n+=1 > $FLOWMANCER_OUTPUT"])
        job.addTask("bad", Shell.self, parameters: ["command": "echo n > $FLOWMANCER_OUTPUT"])
        let first = try await runJob(job)
        #expect(first.states["b"] == .failed && first.states["bad"] == .failed)
        #expect(try first.outputs(of: "a").get("attempt") == 3)
        #expect(try first.outputs(of: "a").get("names") == ["a", "a"])
        #expect(first.outputs(of: "shell")["n"] == JSONText(rawValue: #"["1"]"#))
        for task in ["b", "c", "bad", "unknown"] { #expect(first.outputs(of: task).isEmpty) }
        #expect(first.messages(of: "bad").last?.hasPrefix("run failed: line 1 of the file $FLOWMANCER_OUTPUT") == true)
        job.addTask("b", Publishes.self)
        let second = try await runJob(job, from: first.checkpoint)
        #expect(second.path(of: "a") == [.initial, .completed])
        #expect(second.outputs(of: "a") == first.outputs(of: "a"))
        #expect(try second.outputs(of: "b").get("attempt") == 1)
    }

    @Test func conditionsDecideAsInARun() async throws {
        var job = JobDefinition(name: "job")
        job.addTask("a", Counts.self)
        for (name, condition) in [
            ("runs", "$DICT{count} == 1 and $STATE{a} == 'completed'"), ("skipped", "$DICT{count} > 5"),
            ("failed", "$DICT{unset} == 1"),
        ] as [(String, TaskCondition)] {
            job.addTask(name, Counts.self, dependsOn: ["a"])
            job.tasks[name]?.when = condition
        }
        let run = try await runJob(job)
        #expect(run.states == ["a": .completed, "runs": .completed, "skipped": .skipped, "failed": .failed])
        #expect(run.path(of: "skipped") == [.initial, .pending, .skipped])
        #expect(
            run.events.compactMap(\.reason).sorted() == [
                "`when` cannot be evaluated: $DICT{unset} has no value and no default; write "
                    + "$DICT{unset:default}, or ask "
                    + "defined($DICT{unset}) first", "`when` is false",
            ]
        )
        // What was skipped is decided anew, by the dictionary of the checkpoint.
        var checkpoint = run.checkpoint
        checkpoint.sharedDict["count"] = JSONText(rawValue: "9")
        let second = try await runJob(job, from: checkpoint)
        #expect(second.states == ["a": .completed, "runs": .completed, "skipped": .completed, "failed": .failed])
    }

    @Test func aSelectionSkipsTasks() async throws {
        var job = JobDefinition(name: "job")
        for (name, dependencies) in [("a", []), ("b", ["a"]), ("c", ["b"])] {
            job.addTask(name, Counts.self, dependsOn: dependencies)
        }
        var selection = JobSelection()
        selection.skip = ["a"]
        selection.runTo = "b"
        let run = try await runJob(job, selection: selection)
        #expect(run.states == ["a": .skipped, "b": .completed, "c": .skipped])
        selection.runTo = "z"
        await #expect(throws: InvalidJobError.self) { try await runJob(job, selection: selection) }
    }

    @Test func anInvalidJobDoesNotRun() async throws {
        var job = JobDefinition(name: "job")
        job.addTask("a", Sleeps.self, dependsOn: ["z"]) { $0.maxAttempts = 0 }
        let error = await #expect(throws: InvalidJobError.self) { try await runJob(job) }
        #expect(error?.issues.count == 3)
    }

    @Test func cancellingTheCallAbortsTheJob() async throws {
        var job = JobDefinition(name: "job")
        job.addTask("a", Sleeps.self, parameters: ["duration": 5])
        job.addTask("b", Counts.self, dependsOn: ["a"])
        let (clock, definition) = (ManualClock(), job)
        let run = Task { try await runJob(definition, clock: clock) }
        await clock.waitForSleepers()
        run.cancel()
        let result = try await run.value
        #expect(result.states == ["a": .aborted, "b": .aborted])
        #expect(result.messages(of: "a") == ["asleep", "aborted"])
    }

    /// Receives what is passed to a run.
    private final class Witness: FlowLogger, FlowExtension {
        private let seen = Mutex([String]())

        var calls: [String] { seen.withLock { $0 } }

        private func note(_ call: String) { seen.withLock { $0.append(call) } }

        func onCreate() async throws { note("onCreate") }
        func onFailure() async throws { note("onFailure") }
        func onDestroy() async throws {
            note("onDestroy")
            throw SampleError("on purpose")
        }
        func update(_ event: TaskLogEvent) async throws {
            note(event.kind == .line ? event.message : "\(event.kind)")
        }
        func update(_ event: ExecutionEvent) async throws { note("\(event.from.rawValue)\(event.to.rawValue)") }
    }

    @Test func plugInsAreGivenAsInstances() async throws {
        var job = JobDefinition(name: "job")
        job.addTask("a", FailsAtFirst.self)
        let (logger, observer) = (Witness(), Witness())
        let run = try await runJob(job, loggers: [logger], extensions: [observer])
        // As in a run, one that is both receives both kinds of events, whatever it was given as.
        let calls = [
            "onCreate", "_P", "start", "PR", "a detail", "run failed: SampleError: attempt 1", "end", "RF", "onFailure",
            "onDestroy",
        ]
        #expect(logger.calls == calls)
        #expect(observer.calls == calls)
        #expect(run.pluginErrors.count == 2)
    }

    @Test func manyTasksRunBesideEachOther() async throws {
        var job = JobDefinition(name: "job")
        for number in 0..<500 {
            job.addTask("\(number)", Sleeps.self, parameters: ["duration": .int(number % 7)])
        }
        job.configuration.maxConcurrency = 40
        let run = try await runJob(job).requireSuccess()
        #expect(try await run.sharedDict.get("order", as: [String].self).count == 500)
    }
}
