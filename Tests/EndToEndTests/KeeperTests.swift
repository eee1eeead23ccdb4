import Foundation
import Testing

/// The processes between the engine and its workers, and what becomes of a run that loses them.
@Suite(.ownThread) struct KeeperTests {
    @Test(arguments: [("flow-keeper", SIGKILL), ("flow-guard", SIGKILL), ("flow-keeper", SIGTERM)])
    func attemptsOfALostKeeperAreRetriedWithANewOne(name: String, signal: Int32) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            """
            config: {abort_grace_seconds: 1}
            tasks:
              staying: {task: LeaveChildrenAndStay, max_attempts: 2, parameters: {marker: pids}}
              brief: {task: NoOp, dependencies: [other]}
              other: {task: SucceedOnAttempt, parameters: {attempt: 1}}
            """,
            to: "job.yaml"
        )
        let running = try sandbox.start(["-j", "job.yaml"])
        #expect(waitUntil { sandbox.exists("pids.ready") })
        let first = try pids(sandbox)
        #expect(first.count == 3 && first.allSatisfy(isAlive))
        let victim = try #require(descendant(of: running.pid, named: name))
        for file in ["pids", "pids.ready"] { try FileManager.default.removeItem(atPath: sandbox.path(file)) }
        kill(victim, signal)

        #expect(waitUntil { sandbox.exists("pids.ready") })
        // The next attempt began, so the end of the one before is complete.
        #expect(!first.contains(where: isAlive), "alive: \(first.filter(isAlive))")
        #expect(running.errorsSoFar.contains("The keeper process"))
        #expect(try sandbox.log("staying").contains { $0.contains("because the process that keeps all workers") })
        let second = try pids(sandbox)
        running.signal(SIGINT)
        #expect(try running.wait().exitCode == 130)
        #expect(!second.contains(where: isAlive), "alive: \(second.filter(isAlive))")
    }

    /// A stopped process ends nothing itself: the one above it does.
    @Test func theRunOfAStoppedKeeperEndsWithTheEngine() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write("tasks: {staying: {task: LeaveChildrenAndStay, parameters: {marker: pids}}}", to: "job.yaml")
        let running = try sandbox.start(["-j", "job.yaml"])
        #expect(waitUntil { sandbox.exists("pids.ready") })
        let left = try pids(sandbox)
        let keeper = try #require(descendant(of: running.pid, named: "flow-keeper"))
        let guardian = try #require(descendant(of: running.pid, named: "flow-guard"))
        kill(keeper, SIGSTOP)
        running.signal(SIGKILL)
        #expect(waitUntil { !(left + [keeper, guardian]).contains(where: isAlive) })
        _ = try running.wait()
    }

    @Test func aRunEndsThoughItsGuardIsStopped() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let wait = "{task: RunChild, parameters: {script: 'touch here; while [ ! -e gate ]; do sleep 0.02; done'}}"
        try sandbox.write("tasks: {a: \(wait)}", to: "job.yaml")
        let running = try sandbox.start(["-j", "job.yaml"])
        #expect(waitUntil { sandbox.exists("here") })
        let guardian = try #require(descendant(of: running.pid, named: "flow-guard"))
        kill(guardian, SIGSTOP)
        try sandbox.write("", to: "gate")
        #expect(try running.wait().exitCode == 0)
        #expect(!isAlive(guardian))
    }

    /// The fewest with which the program itself starts, and a few more.
    @Test(arguments: 5...12)
    func nothingIsLeftWhereDescriptorsAreTooFew(limit: Int) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write("tasks: {a: {task: NoOp}}", to: "job.yaml")
        // Ends only when nobody holds its output any more.
        let command = "ulimit -n \(limit); \"$0\" -j job.yaml 2>&1 | cat; echo over"
        let result = try Running(
            "/bin/bash",
            ["-c", command, Products.path("test-app")],
            in: sandbox.directory,
            environment: [:]
        ).wait()
        #expect(result.output.hasSuffix("over\n"))
    }

    @Test func attemptsInWorkersOfALostZygoteAreRetried() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            "tasks: {staying: {task: LeaveChildrenAndStay, max_attempts: 2, parameters: {marker: pids}}}",
            to: "job.yaml"
        )
        // On a busy machine the keeper starts workers that the zygote is not ready for in time.
        try sandbox.write("", to: "fault")
        let faults = try FaultLibrary.environment(["fork flow-keeper 2-,while:fault EAGAIN"])
        let running = try sandbox.start(["-j", "job.yaml"], environment: faults)
        #expect(waitUntil { sandbox.exists("pids.ready") })
        let first = try pids(sandbox)
        let victim = try #require(descendant(of: running.pid, named: "flow-zygote"))
        for file in ["fault", "pids", "pids.ready"] { try FileManager.default.removeItem(atPath: sandbox.path(file)) }
        kill(victim, SIGKILL)

        #expect(waitUntil { sandbox.exists("pids.ready") })
        #expect(!first.contains(where: isAlive), "alive: \(first.filter(isAlive))")
        #expect(waitUntil { (try? sandbox.log("staying"))?.contains { $0.contains("was killed by signal 9") } == true })
        running.signal(SIGINT)
        #expect(try running.wait().exitCode == 130)
        #expect(try !pids(sandbox).contains(where: isAlive))
    }

    private func pids(_ sandbox: Sandbox) throws -> [Int32] {
        try [sandbox.read("pids"), sandbox.read("pids.ready")].joined(separator: "\n")
            .split(separator: "\n").compactMap { Int32($0) }
    }

    /// Looks for a process by its name among the descendants of another.
    private func descendant(of ancestor: Int32, named name: String) -> Int32? {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        var parents: [Int32: Int32] = [:]
        var named: [Int32] = []
        for pid in entries.compactMap({ Int32($0) }) {
            guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
                let open = stat.firstIndex(of: "("), let end = stat.lastIndex(of: ")")
            else { continue }
            parents[pid] = stat[end...].split(separator: " ").dropFirst(2).first.flatMap { Int32($0) }
            if stat[stat.index(after: open)..<end] == name { named.append(pid) }
        }
        return named.first { pid in
            var current: Int32? = pid
            while let process = current, process > 1 {
                if process == ancestor { return true }
                current = parents[process]
            }
            return false
        }
    }
}
