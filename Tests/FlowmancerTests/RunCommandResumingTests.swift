import ArgumentParser
import Testing

@testable import Flowmancer
@testable import FlowmancerEngine

@Suite struct RunCommandResumingTests {
    private func words(_ arguments: [String], appRoot: String? = nil) throws -> [ResumeCommand.Word] {
        let command = try RunCommand.parse(arguments)
        return command.resumeCommand(program: "./app", directory: "/work", appRoot: appRoot, inputFile: nil).words
    }

    @Test func aFirstRunIsContinuedWithR() throws {
        #expect(try words(["-j", "job.yaml"]) == ["./app", "-j", "job.yaml", "-r"].map { .plain($0) })
        #expect(try words(["-j", "job.yaml", "--discard-checkpoint"]) == words(["-j", "job.yaml"]))
        #expect(try words(["-j", "job.yaml", "-r"]) == words(["-j", "job.yaml"]))
    }

    @Test func everyOtherFlagIsKept() throws {
        let arguments = [
            "-j", "a b.json", "--type", "json", "-r", "--rerun-changed", "--skip", "x", "--skip", "y", "--run-to", "t",
            "--run-from", "f", "--force", "g", "--max-concurrency", "-1", "--app-root", "/root", "--strict", "--debug",
        ]
        #expect(try words(arguments) == ["./app"].map { .plain($0) } + arguments.map { .plain($0) })
    }

    @Test func variablesAreToldApart() throws {
        let result = try words(["--var", "b=2", "--var", "a=x=y"])
        #expect(
            result == [
                .plain("./app"), .plain("-r"), .plain("--var"), .variable(key: "a", value: "x=y"), .plain("--var"),
                .variable(key: "b", value: "2"),
            ]
        )
    }

    @Test func theStandardInputIsSaid() throws {
        func input(_ job: String, _ file: String?) throws -> ResumeCommand.Input {
            let command = try RunCommand.parse(["-j", job])
            return command.resumeCommand(program: "./app", directory: "/work", appRoot: nil, inputFile: file).input
        }
        #expect(try input("-", "/jobs/a.yaml") == .file("/jobs/a.yaml"))
        #expect(try input("-", nil) == .job)
        #expect(try input("a.yaml", "/jobs/b.yaml") == .any)
    }

    /// The shell that resumes may not have the variable.
    @Test func anAppRootOfTheEnvironmentIsSaid() throws {
        #expect(try words([], appRoot: "/e").suffix(2) == [.plain("--app-root"), .plain("/e")])
        #expect(try words(["--app-root", "/r"], appRoot: "/e").suffix(2) == [.plain("--app-root"), .plain("/r")])
    }
}
