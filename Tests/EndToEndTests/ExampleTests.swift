import Foundation
import Testing

/// The examples in the folder `Examples`, run by the real programs in copies of their folders.
@Suite(.ownThread) struct ExampleTests {
    private static func sandbox(of example: String, program: String = "flowmancer") throws -> Sandbox {
        let sandbox = try Sandbox(program: program)
        let folder = Packages.root.appending(path: "Examples/\(example)")
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            try FileManager.default.copyItem(atPath: folder.appending(path: name).path, toPath: sandbox.path(name))
        }
        return sandbox
    }

    private func run(_ sandbox: Sandbox, _ arguments: String...) throws -> Finished {
        try sandbox.start(["-j", "job.yaml"] + arguments).wait()
    }

    /// The tasks that had an attempt in the newest run: those with a log.
    private func tasksThatRan(in sandbox: Sandbox) throws -> Set<String> {
        let logs = try FileManager.default.contentsOfDirectory(atPath: sandbox.path("logs/latest"))
        return Set(
            logs.filter { $0.hasSuffix(".log") }.map { String($0.dropLast(4)).replacing("%2F", with: "/") }
        )
    }

    @Test(arguments: ["BuildMatrix", "Deployment", "NightlyBackup"])
    func theyAreValid(example: String) throws {
        let sandbox = try Self.sandbox(of: example)
        defer { sandbox.remove() }
        let result = try sandbox.start(["validate", "--strict", "job.yaml"]).wait()
        #expect(result.exitCode == 0, "\(result.output)\(result.errors)")
    }

    // MARK: Data pipeline

    @Test func thePipelineRunsWhatChanged() throws {
        let sandbox = try Self.sandbox(of: "DataPipeline", program: "data-pipeline")
        defer { sandbox.remove() }
        let first = try run(sandbox)
        #expect(first.exitCode == 0, "\(first.output)\(first.errors)")
        #expect(
            try sandbox.read("report.md") == """
                # Temperatures

                | station | days | mean |
                |---|---|---|
                | bergen | 4 | 9.8 |
                | lisbon | 3 | 20.3 |
                | oslo | 4 | 11.4 |

                11 days in all, 13.2 degrees on average.

                """
        )

        let second = try run(sandbox)
        #expect(second.exitCode == 0, "\(second.output)\(second.errors)")
        #expect(try tasksThatRan(in: sandbox) == ["stations"])

        try sandbox.write("day,temperature\n2024-05-01,30\n", to: "source/oslo.csv")
        let third = try run(sandbox)
        #expect(third.exitCode == 0, "\(third.output)\(third.errors)")
        #expect(try tasksThatRan(in: sandbox) == ["stations", "fetch[oslo]", "summarise[oslo]", "combine", "report"])
        #expect(try sandbox.read("report.md").contains("| oslo | 1 | 30.0 |"))
    }

    @Test func aDamagedFileFailsOnlyItsOwnTask() throws {
        let sandbox = try Self.sandbox(of: "DataPipeline", program: "data-pipeline")
        defer { sandbox.remove() }
        try sandbox.write("day,temperature\n2024-05-01,warm\n", to: "source/oslo.csv")
        let damaged = try run(sandbox)
        // The two tasks that need all stations did not run.
        #expect(damaged.exitCode == 3)
        let reason = "work/oslo.csv:2: expected a day and a temperature, found '2024-05-01,warm'"
        #expect(damaged.output.contains(reason), "\(damaged.output)")
        #expect(!sandbox.exists("report.md"))
        try sandbox.write("day,temperature\n2024-05-01,20\n", to: "source/oslo.csv")
        let mended = try run(sandbox)
        #expect(mended.exitCode == 0, "\(mended.output)\(mended.errors)")
        #expect(try tasksThatRan(in: sandbox) == ["stations", "fetch[oslo]", "summarise[oslo]", "combine", "report"])
    }

    // MARK: Deployment

    @Test func aDeploymentReachesAllServersAndCleansUp() throws {
        let sandbox = try Self.sandbox(of: "Deployment")
        defer { sandbox.remove() }
        let result = try run(sandbox, "--var", "stage=production")
        #expect(result.exitCode == 0, "\(result.output)\(result.errors)")
        for (server, greeting) in [("web1", "first"), ("web2", "second"), ("web3", "third")] {
            #expect(sandbox.exists("servers/\(server)/live/index.html"))
            #expect(try sandbox.read("servers/\(server)/live/motd.txt") == "\(greeting)\n")
            #expect(!sandbox.exists("servers/\(server)/previous"))
        }
        #expect(try sandbox.read("announcement.txt") == "Version 1.0 is live.\n")
        #expect(!sandbox.exists("build"))
        #expect(try !tasksThatRan(in: sandbox).contains("rollback"))
    }

    @Test func aFailedDeploymentIsUndone() throws {
        let sandbox = try Self.sandbox(of: "Deployment")
        defer { sandbox.remove() }
        #expect(try run(sandbox).exitCode == 0)
        #expect(!sandbox.exists("announcement.txt"))
        try sandbox.write("2.0\n", to: "app/version.txt")
        try sandbox.write("", to: "servers/web2/broken")
        let failed = try run(sandbox, "--var", "stage=production")
        // The check of web2 failed; the announcement did not run.
        #expect(failed.exitCode == 2, "\(failed.output)\(failed.errors)")
        let ran = try tasksThatRan(in: sandbox)
        #expect(ran.isSuperset(of: ["rollout[web2]/check", "rollback", "clean-up"]))
        #expect(!ran.contains("announce"))
        for server in ["web1", "web2", "web3"] {
            #expect(try sandbox.read("servers/\(server)/live/version.txt") == "1.0\n")
        }
        #expect(!sandbox.exists("announcement.txt"))
        #expect(!sandbox.exists("build"))
    }

    @Test func aFailedCheckKeepsEverythingFromBeingDeployed() throws {
        let sandbox = try Self.sandbox(of: "Deployment")
        defer { sandbox.remove() }
        // A mistake in the spelling may be there, an incomplete page may not.
        try sandbox.write("<html>teh page</html>\n", to: "app/index.html")
        #expect(try run(sandbox).exitCode == 0)
        try sandbox.write("<html>", to: "app/index.html")
        #expect(try run(sandbox).exitCode != 0)
        #expect(try sandbox.read("servers/web1/live/index.html") == "<html>teh page</html>\n")
    }

    // MARK: Build matrix

    private static let hasCompiler = ["/usr/bin/cc", "/usr/local/bin/cc"].contains {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    private static let variants = ["c99,O0", "c11,O0", "c11,O2", "c17,O0", "c17,O2"]

    @Test(.enabled(if: hasCompiler, "there is no cc"))
    func theMatrixBuildsAndTestsAllVariants() throws {
        let sandbox = try Self.sandbox(of: "BuildMatrix")
        defer { sandbox.remove() }
        let first = try run(sandbox)
        #expect(first.exitCode == 0, "\(first.output)\(first.errors)")
        let table = ["c11-O0 passed", "c11-O2 passed", "c17-O0 passed", "c17-O2 passed", "c99-O0 passed"]
        #expect(try sandbox.read("build/table.txt").split(separator: "\n").map(String.init) == table)
        let steps = Self.variants.flatMap { ["variant[\($0)]/compile", "variant[\($0)]/test"] }
        #expect(try tasksThatRan(in: sandbox) == Set(steps + ["table"]))

        // What is compiled is not compiled again, but tested.
        #expect(try run(sandbox).exitCode == 0)
        #expect(try tasksThatRan(in: sandbox) == Set(Self.variants.map { "variant[\($0)]/test" } + ["table"]))
    }

    @Test(.enabled(if: hasCompiler, "there is no cc"))
    func aVariantThatDoesNotCompileIsInTheTable() throws {
        let sandbox = try Self.sandbox(of: "BuildMatrix")
        defer { sandbox.remove() }
        let result = try run(sandbox, "--var", "flags=-DMODERN")
        #expect(result.exitCode == 2, "\(result.output)\(result.errors)")
        #expect(result.output.contains("this needs C11"))
        let table = ["c11-O0 passed", "c11-O2 passed", "c17-O0 passed", "c17-O2 passed", "c99-O0 failed"]
        #expect(try sandbox.read("build/table.txt").split(separator: "\n").map(String.init) == table)
    }

    // MARK: Nightly backup

    @Test func theBackupMakesOnlyArchivesOfWhatChanged() throws {
        let sandbox = try Self.sandbox(of: "NightlyBackup")
        defer { sandbox.remove() }
        let first = try run(sandbox, "--var", "full=yes")
        #expect(first.exitCode == 0, "\(first.output)\(first.errors)")
        for name in ["letters.tar.gz", "photos.tar.gz", "SHA256SUMS"] { #expect(sandbox.exists("offsite/\(name)")) }
        #expect(try sandbox.log("full-check") == ["INFO - letters.tar.gz: OK", "INFO - photos.tar.gz: OK"])
        #expect(!sandbox.exists("failed.json"))

        try sandbox.write("PS\n", to: "data/letters/third.txt")
        let second = try run(sandbox)
        #expect(second.exitCode == 0, "\(second.output)\(second.errors)")
        let ran = try tasksThatRan(in: sandbox)
        #expect(ran.contains("archive[letters]"))
        #expect(!ran.contains("archive[photos]"))
    }

    @Test func aBackupThatCannotBeCopiedRaisesTheAlarm() throws {
        let sandbox = try Self.sandbox(of: "NightlyBackup")
        defer { sandbox.remove() }
        try sandbox.write("", to: "not-a-folder")
        let result = try run(sandbox, "--var", "target=not-a-folder")
        #expect(result.exitCode == 2, "\(result.output)\(result.errors)")
        let list = try JSONSerialization.jsonObject(with: Data(sandbox.read("failed.json").utf8))
        let dependencies = try #require(list as? [[String: Any]])
        let copy = try #require(dependencies.first { $0["name"] as? String == "copy" })
        #expect(copy["state"] as? String == "failed")
    }
}
