import Foundation
import ProgramTestSupport
import TestSupport
import Testing

/// Whether the server does what its description says.
@Suite(.ownThread, .enabled(if: PythonTools.obstacle == nil, "\(PythonTools.obstacle ?? "")"), .timeLimit(.minutes(10)))
struct DescriptionTests {
    @Test func answersAreAsTheDescriptionSays() async throws {
        let result = try Self.check()
        #expect(result.exitCode == 0, "\(result.output)\n\(result.errors)")
    }

    private static func check() throws -> Finished {
        let served = try ServedSandbox(["--jobs", "jobs"]) { sandbox in
            try FileManager.default.createDirectory(atPath: sandbox.path("jobs"), withIntermediateDirectories: true)
            let job = """
                config: {name: some}
                tasks:
                  a: {task: Shell, parameters: {command: 'echo out; echo "n=1" > "$FLOWMANCER_OUTPUT"'}}
                  b: {task: Shell, dependencies: [a], for_each: [x, y], parameters: {command: 'exit 1'}}
                """
            try sandbox.write(job, to: "jobs/some.yaml")
            _ = try sandbox.start(["jobs/some.yaml"]).wait()
        }
        let id = try served.lastRun()
        // Random values, so that few of them are a run: one that there is stands in the place of the examples.
        var description = try String(
            contentsOf: PythonTools.root.appending(path: "Documentation/openapi.json"),
            encoding: .utf8
        )
        description = description.replacingOccurrences(of: "\"format\": \"uuid\"", with: "\"enum\": [\"\(id)\", \"0\"]")
        try served.sandbox.write(description, to: "openapi.json")
        return try Running(
            PythonTools.path("schemathesis"),
            [
                "run", "openapi.json", "--url", "http://127.0.0.1:\(served.http.port)",
                "--header", served.authorization, "--max-examples", "15", "--seed", "1", "--phases",
                "examples,coverage,fuzzing",
                "--checks",
                "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
                "--exclude-operation-id", "start", "--exclude-operation-id", "restart", "--request-timeout", "20",
                "--generation-database", "none", "--no-color",
            ],
            in: served.sandbox.directory
        ).wait(limit: 400)
    }
}
