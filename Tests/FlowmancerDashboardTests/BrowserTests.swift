import Foundation
import ProgramTestSupport
import TestSupport
import Testing

/// What a person does on the page, in a real browser.
@Suite(.ownThread, .enabled(if: PythonTools.obstacle == nil, "\(PythonTools.obstacle ?? "")"), .timeLimit(.minutes(15)))
struct BrowserTests {
    private static let directory = PythonTools.root.appending(path: "Tests/FlowmancerDashboardTests/Browser")

    @Test func thePageDoesWhatPeopleDoWithIt() async throws {
        let failures = try Self.failures()
        #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
    }

    /// Runs all checks, and returns what those say that fail.
    private static func failures() throws -> [String] {
        let served = try ServedSandbox(["--jobs", "Jobs"]) { sandbox in
            try FileManager.default.copyItem(
                at: directory.appending(path: "Jobs"),
                to: sandbox.directory.appending(path: "Jobs")
            )
            try sandbox.write(largeJob, to: "large.yaml")
            for job in ["Jobs/mixed.yaml", "Jobs/groups.yaml", "Jobs/logs.yaml", "Jobs/hostile.yaml", "large.yaml"] {
                _ = try sandbox.start([job]).wait()
            }
        }
        let runs = try served.get("/v1/runs").json["runs"] as? [[String: Any]] ?? []
        var ids: [String: String] = [:]
        for run in runs { if let job = run["job"] as? String, let id = run["id"] as? String { ids[job] = id } }
        let base = "http://127.0.0.1:\(served.http.port)/?token="
        let facts: [String: Any] = [
            "address": base + served.token, "read_only_address": base + served.readOnlyToken, "runs": ids,
            "chromium": PythonTools.browser ?? "",
        ]
        let text = String(decoding: try JSONSerialization.data(withJSONObject: facts), as: UTF8.self)
        let files = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        return try files.filter { $0.hasPrefix("test_") }.sorted().compactMap { file in
            let result = try Running(
                PythonTools.path("python"),
                [directory.appending(path: file).path, text],
                in: served.sandbox.directory,
                environment: ["PYTHONDONTWRITEBYTECODE": "1"]
            ).wait(limit: 300)
            return result.exitCode == 0 ? nil : "\(file):\n\(result.output)\n\(result.errors)"
        }
    }

    /// 10,000 tasks in 100 layers, each of which waits for two.
    private static let largeJob: String = {
        var lines = [
            "config: {name: large, max_concurrency: 4}", "checkpointer: {checkpointer: NoCheckpointer}", "loggers: {}",
            "tasks:",
        ]
        for layer in 0..<100 {
            for place in 0..<100 {
                let waits =
                    layer == 0 ? "" : ", dependencies: [t\(layer - 1)-\(place), t\(layer - 1)-\((place + 1) % 100)]"
                lines.append(
                    "  t\(layer)-\(place): {task: Shell, when: 'false'\(waits), parameters: {command: 'true'}}"
                )
            }
        }
        return lines.joined(separator: "\n")
    }()
}
