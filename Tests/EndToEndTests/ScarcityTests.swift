import Foundation
import Testing

/// Processes, descriptors, threads and memory that the system does not give.
@Suite(.ownThread) struct ScarcityTests {
    /// More tasks than workers to begin with, none of which ends at once.
    private func tasks(_ count: Int, _ script: String = "sleep 0.05") -> String {
        "tasks:\n"
            + (1...count).map { "  t\($0): {task: RunChild, parameters: {script: '\(script)'}}" }
            .joined(separator: "\n")
    }

    // MARK: Processes

    @Test func withoutAnyWorkerTheRunEndsAndCanGoOnLater() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(tasks(4), faults: ["fork flow-keeper 1- EAGAIN"])
        #expect(result.exitCode == 99)
        #expect(result.errors.contains("No worker runs at the moment"), "\(result.errors)")
        #expect(result.errors.contains("No worker process could be started for 10 s: fork:"), "\(result.errors)")
        let restarted = try sandbox.run(tasks(4), "-r")
        #expect(restarted.exitCode == 0, "\(restarted.errors)")
        #expect(restarted.output.contains("had not started, run now: t1, t2, t3, t4"), "\(restarted.output)")
    }

    /// The workers' parent is the zygote; the keeper, if there is none: its first fork is the zygote's. The keeper also
    /// starts those that a zygote is not ready for in time, so that there may be more than the two of the zygote.
    @Test(arguments: [["fork flow-zygote 3- EAGAIN"], ["fork flow-keeper 1-1 EAGAIN", "fork flow-keeper 3- EAGAIN"]])
    func aFewWorkersDoAllTheWork(faults: [String]) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        // When many workers are wanted, the zygote is ready.
        let first = "tasks:\n  first: {task: RunChild, parameters: {script: 'sleep 2'}}\n"
        let others = (1...20).map {
            "  t\($0): {task: RunChild, dependencies: [first], parameters: {script: 'sleep 0.3'}}"
        }
        let result = try sandbox.run(first + others.joined(separator: "\n"), faults: faults)
        #expect(result.exitCode == 0, "\(result.errors)")
        let workers = try #require(result.errors.firstMatch(of: /The job continues with ([0-9]+)/), "\(result.errors)")
        #expect((2..<20).contains(try #require(Int(workers.1))), "\(result.errors)")
    }

    /// The keeper starts those that the zygote is not ready for in time. Its own first fork is the zygote's.
    @Test(arguments: [["flow-zygote while:fault", "flow-keeper 2-,while:fault"], ["flow-keeper while:fault"]])
    func thePoolGrowsAgainWhenItCan(parents: [String]) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write("", to: "fault")
        // All have to run at once: with the workers of the beginning they would wait for ever.
        let script = "touch here.$$; while [ $(ls here.* | wc -l) -lt 12 ]; do sleep 0.05; done"
        try sandbox.write(tasks(12, script), to: "job.yaml")
        let faults = try FaultLibrary.environment(parents.map { "fork \($0) EAGAIN" })
        let running = try sandbox.start(["-j", "job.yaml"], environment: faults)
        #expect(waitUntil { running.errorsSoFar.contains("The system allows no more worker processes (fork:") })
        try FileManager.default.removeItem(atPath: sandbox.path("fault"))
        #expect(try running.wait().exitCode == 0)
    }

    @Test(
        arguments: [
            ["fork test-app 1-1 EAGAIN", "posix_spawn test-app 1-2 EAGAIN"], ["socketpair test-app 1-3 EMFILE"],
            ["pipe test-app 1-3 EMFILE"],
        ]
    )
    func theBeginningIsTriedAgain(faults: [String]) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run("tasks: {a: {task: NoOp}}", faults: faults)
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(result.errors.contains("The system allows no more worker processes"), "\(result.errors)")
    }

    @Test func aKeeperThatMayNotBeStartedEndsTheRunAtOnce() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = "tasks: {a: {task: RunChild, parameters: {script: touch ran}}}"
        let result = try sandbox.run(job, faults: ["fork test-app 1- EACCES", "posix_spawn test-app 1- EACCES"])
        #expect(result.exitCode == 99)
        #expect(result.errors.contains("could not be started: posix_spawn: Permission denied"), "\(result.errors)")
        #expect(!sandbox.exists("ran"))
        #expect(try sandbox.run(job, "-r").exitCode == 0)
    }

    @Test(arguments: [40, 60])
    func aLimitOfProcessesIsLivedWith(limit: Int) throws {
        guard getuid() == 0 else { return print("skipped: the user of a process can be changed by root only") }
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let tasks = (1...30).map { "  t\($0): {task: SleepBriefly, parameters: {duration: 0.1}}" }
        try sandbox.write("tasks:\n" + tasks.joined(separator: "\n"), to: "job.yaml")
        let user = 700_000 + Int.random(in: 0..<100_000)
        for path in [sandbox.directory.path, sandbox.path("job.yaml")] { chmod(path, 0o777) }
        let switched = ["--reuid", "\(user)", "--regid", "\(user)", "--clear-groups", "prlimit", "--nproc=\(limit)"]
        let result = try Running(
            "/usr/bin/setpriv",
            switched + [Products.path("test-app"), "-j", "job.yaml"],
            in: sandbox.directory,
            environment: [:]
        ).wait()
        #expect(result.exitCode == 0, "\(result.errors)")
    }

    @Test func tooFewProcessesForARunAreAnError() throws {
        guard getuid() == 0 else { return print("skipped: the user of a process can be changed by root only") }
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write("tasks: {a: {task: NoOp}}", to: "job.yaml")
        let user = 800_000 + Int.random(in: 0..<100_000)
        chmod(sandbox.directory.path, 0o777)
        let switched = ["--reuid", "\(user)", "--regid", "\(user)", "--clear-groups", "prlimit", "--nproc=6"]
        let result = try Running(
            "/usr/bin/setpriv",
            switched + [Products.path("test-app"), "-j", "job.yaml"],
            in: sandbox.directory,
            environment: [:]
        ).wait()
        #expect(result.exitCode == 99)
        #expect(result.errors.contains("ulimit -u"), "\(result.errors)")
    }

    // MARK: Descriptors and memory

    @Test(arguments: [30, 34, 64])
    func aLimitOfOpenFilesIsLivedWith(limit: Int) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(tasks(20, "echo done"), to: "job.yaml")
        let limited = "ulimit -n \(limit); exec \(Products.path("test-app")) -j job.yaml"
        let result = try Running("/bin/sh", ["-c", limited], in: sandbox.directory, environment: [:]).wait()
        #expect(result.exitCode == 0, "\(result.errors)")
        for number in 1...20 { #expect(try sandbox.log("t\(number)").contains("INFO - done")) }
    }

    @Test func tooFewOpenFilesForARunAreAnError() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(tasks(1), to: "job.yaml")
        let limited = "ulimit -n 14; exec \(Products.path("test-app")) -j job.yaml"
        let result = try Running("/bin/sh", ["-c", limited], in: sandbox.directory, environment: [:]).wait()
        #expect(result.exitCode == 99)
        #expect(result.errors.contains("ulimit -n"), "\(result.errors)")
    }

    @Test func aTaskThatUsesUpItsMemoryFailsAlone() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = "tasks: {greedy: {task: UseMemory}, other: {task: SleepBriefly, parameters: {duration: 0.2}}}"
        try sandbox.write(job, to: "job.yaml")
        let limited = "ulimit -v 4000000; exec \(Products.path("test-app")) -j job.yaml"
        let result = try Running("/bin/sh", ["-c", limited], in: sandbox.directory, environment: [:]).wait()
        #expect(result.exitCode == 1, "\(result.errors)")
        #expect(try sandbox.log("greedy").contains { $0.contains("before the task ended") })
    }
}
