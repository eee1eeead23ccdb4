import Foundation
import Testing

/// What becomes of commands, and of the shims that run them, when something goes wrong.
@Suite(.ownThread) struct CommandWorkerTests {
    private func run(_ tasks: String, in sandbox: Sandbox) throws -> Finished {
        try sandbox.run("config: {max_concurrency: 1}\ntasks:\n\(tasks)")
    }

    private func pids(_ file: String, in sandbox: Sandbox) throws -> [Int32] {
        try sandbox.read(file).split(whereSeparator: \.isWhitespace).compactMap { Int32($0) }
    }

    @Test func oneShimRunsOneCommandAfterTheOther() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try run(
            """
              a: {task: Shell, parameters: {command: 'echo $PPID; exit 0'}}
              b: {task: Shell, dependencies: [a], isolation: process, parameters: {command: 'echo $PPID; exit 0'}}
              c: {task: Shell, dependencies: [b], parameters: {command: 'cat /proc/$PPID/comm; exit 0'}}
            """,
            in: sandbox
        )
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(try sandbox.log("a") == sandbox.log("b"))
        #expect(try sandbox.log("c") == ["INFO - flow-shim"])
    }

    /// Nothing that a command changes of itself, or of what it was given, is seen by the next one.
    @Test func aCommandFindsNothingOfTheOneBefore() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let look = """
            ulimit -n; umask; nice; pwd; env | sort | grep -v ^_=; grep -E "Sig(Blk|Ign)" /proc/self/status; \
            readlink /proc/self/fd/0; grep flags /proc/self/fdinfo/1
            """
        let change = "ulimit -n 50; umask 077; cd /; dd if=/dev/null oflag=nonblock status=none; exec 1>&- 2>&- 0<&-"
        let result = try run(
            """
              a: {task: Shell, parameters: {command: '\(look)'}}
              b: {task: Shell, dependencies: [a], parameters: {command: '\(change)'}}
              c: {task: Shell, dependencies: [b], parameters: {command: [nice, dd, if=/dev/null, oflag=nonblock]}}
              d: {task: Shell, dependencies: [c], parameters: {command: '\(look)'}}
            """,
            in: sandbox
        )
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(try sandbox.log("a") == sandbox.log("d"))
        #expect(try sandbox.log("a").contains("INFO - /dev/null"))
    }

    @Test func aCommandThatKillsItsShimFailsAlone() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let script = "echo $$ >> pids; test -e again && exit 0; touch again; kill -9 $PPID; sleep 600"
        let result = try run("  a: {task: Shell, max_attempts: 2, parameters: {command: '\(script)'}}", in: sandbox)
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(try sandbox.log("a").contains { $0.contains("The worker process was killed by signal 9") })
        let commands = try pids("pids", in: sandbox)
        #expect(commands.count == 2 && commands.allSatisfy { !isAlive($0) })
    }

    @Test func commandsOfALostKeeperAreRetriedWithANewOne() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let script = """
            echo $$ >> pids; test -e again && exit 0; touch again; kill -9 $(cut -d " " -f 4 /proc/$PPID/stat); sleep 600
            """
        let result = try run("  a: {task: Shell, max_attempts: 2, parameters: {command: '\(script)'}}", in: sandbox)
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(try sandbox.log("a").contains { $0.contains("because the process that keeps all workers") })
        let commands = try pids("pids", in: sandbox)
        #expect(commands.count == 2 && commands.allSatisfy { !isAlive($0) })
    }

    @Test(arguments: [
        "sleep 600 & echo $! > pids",
        "setsid sh -c 'sleep 600 & echo $! > pids'",
        "setsid sh -c 'trap \"\" TERM HUP; echo $$ > pids; kill -STOP $$' &",
    ])
    func whatACommandLeavesIsKilled(script: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            script + "\nuntil [ -s pids ]; do sleep 0.01; done\n",
            to: "script"
        )
        let result = try run(
            """
              a: {task: Shell, parameters: {command: sh script}}
              b: {task: Shell, dependencies: [a], parameters: {command: '! kill -0 $(cat pids)'}}
            """,
            in: sandbox
        )
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(try sandbox.log("a").contains("WARNING - Processes that the task left running were killed."))
        #expect(try pids("pids", in: sandbox).count == 1)
    }

    /// The output of what a command leaves behind belongs to the command, up to its end.
    @Test func whatIsLeftWritesIntoTheLogOfItsCommand() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try run(
            """
              a: {task: Shell, parameters: {command: '(while :; do echo left; done) & echo first'}}
              b: {task: Shell, dependencies: [a], parameters: {command: 'echo second; exit 0'}}
            """,
            in: sandbox
        )
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(try sandbox.log("a").contains("INFO - first"))
        #expect(try sandbox.log("b") == ["INFO - second"])
    }
}
