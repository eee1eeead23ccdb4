import Testing

/// How the log says why an attempt failed.
@Suite(.ownThread) struct ErrorWordingTests {
    @Test func anErrorsOwnWordsAreShown() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        #expect(try sandbox.run("tasks: {a: {task: FailInWords}}").exitCode == 1)
        #expect(
            try sandbox.log("a") == ["ERROR - run failed: Complaint: The disk is full. Remove something."]
        )
    }

    @Test func theReasonOfATrapIsTheLastLine() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        #expect(try sandbox.run("tasks: {a: {task: Trap}}").exitCode == 1)
        let log = try sandbox.log("a")
        let last = try #require(log.last)
        #expect(last.hasPrefix("ERROR - The worker process was killed by signal "), "\(last)")
        let reason = /before the task ended: test_app\/EndingTasks\.swift:[0-9]+: Fatal error: trapped on purpose$/
        #expect(last.contains(reason), "\(last)")
        // The frames are there; registers, images and other threads are not.
        #expect(log.contains { $0.contains(/Trap\.run\(\).*EndingTasks\.swift/) }, "\(log)")
        #expect(!log.contains { $0.hasPrefix("ERROR - Registers") || $0.hasPrefix("ERROR - Images") }, "\(log)")
        #expect(log.count < 45, "\(log)")
    }

    @Test func backtracesAreAsTheUserWantsThem() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = "tasks: {a: {task: Trap}, b: {task: Shell, parameters: {command: 'echo \"$SWIFT_BACKTRACE\"'}}}"
        #expect(try sandbox.run(job, environment: ["SWIFT_BACKTRACE": "enable=no"]).exitCode == 1)
        #expect(try !sandbox.log("a").contains { $0.contains("Backtrace took") })
        #expect(try sandbox.log("a").last?.hasSuffix("Fatal error: trapped on purpose") == true)
        #expect(try sandbox.log("b") == ["INFO - enable=no"])
    }

    @Test func theEnvironmentOfTasksIsNotTouchedForThat() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = "tasks: {a: {task: Shell, parameters: {command: 'echo \"$SWIFT_BACKTRACE $LOGNAME\"'}}}"
        let environment = ["PATH": "/usr/bin:/bin", "LOGNAME": "somebody"]
        try sandbox.write(job, to: "job.yaml")
        let variables = environment.map { "\($0)=\($1)" }
        let program = Products.path("test-app")
        let running = try Running(
            "/usr/bin/env",
            ["-i"] + variables + [program, "-j", "job.yaml"],
            in: sandbox.directory,
            environment: [:]
        )
        #expect(try running.wait().exitCode == 0)
        #expect(try sandbox.log("a") == ["INFO -  somebody"])
    }

    @Test func aBadPointerIsAReasonToo() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        #expect(try sandbox.run("tasks: {a: {task: Segfault}}").exitCode == 1)
        let last = try #require(try sandbox.log("a").last)
        #expect(last.contains("before the task ended: Program crashed: Bad pointer dereference at 0x"), "\(last)")
    }
}
