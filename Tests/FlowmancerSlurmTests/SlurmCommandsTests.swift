import FlowmancerCore
import FlowmancerSystem
import Glibc
import TestSupport
import Testing

@testable import FlowmancerSlurm

struct SlurmCommandsTests {
    private let commands = InstalledSlurmCommands(environment: ["LC_TEST": "set"])

    @Test func outputAndErrorsAreKeptApart() async throws {
        let result = try await commands.result(of: ["sh", "-c", "cat; echo wrong >&2; exit 3"], input: "a\nb\n")
        #expect(result == SlurmResult(end: .ended(.exited(code: 3)), output: "a\nb\n", errors: "wrong\n"))
    }

    @Test func environmentIsSmall() async throws {
        let result = try await commands.result(of: ["env"], input: nil)
        let names = result.output.split(separator: "\n").compactMap { $0.split(separator: "=").first.map(String.init) }
        #expect(names.allSatisfy { SlurmEnvironment.isKept($0) || ["PWD", "OLDPWD"].contains($0) }, "\(names)")
        #expect(result.output.contains("LC_TEST=set\n"))
    }

    @Test func whatItLeavesRunningIsNotWaitedFor() async throws {
        let directory = try TemporaryDirectory()
        let text = "sleep 1000 & echo $!"
        let result = try await commands.result(of: ["sh", "-c", text], input: nil)
        let pid = try #require(result.output.split(separator: "\n").first.flatMap { pid_t($0) })
        #expect(kill(pid, SIGKILL) == 0)
        withExtendedLifetime(directory) {}
    }

    /// It waits for its child, which is killed with it.
    @Test(arguments: ["sleep 1000; true", "trap '' TERM; sleep 1000 & wait; wait"])
    func lateProgramsAreKilled(text: String) async throws {
        var commands = commands
        commands.deadline = .milliseconds(50)
        let result = try await commands.result(of: ["sh", "-c", "echo begun; \(text)"], input: nil)
        #expect(result.end == .overdue)
        #expect(result.wasKilled)
        #expect(!result.succeeded)
    }

    @Test func missingProgramIsTold() async throws {
        await #expect {
            try await commands.result(of: ["no-such-program"], input: nil)
        } throws: { error in
            "\(error)".hasPrefix("'no-such-program' cannot be started: it was not found in PATH (")
        }
    }
}
