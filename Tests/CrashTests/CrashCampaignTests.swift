import Foundation
import ProgramTestSupport
import Testing

/// The campaign itself, small and with fixed seeds; `swift run crash-campaign` performs as many rounds as one likes.
@Suite(.ownThread, .serialized) struct CrashCampaignTests {
    /// - Parameter cluster: Where the tasks run, if not on this machine.
    static func campaign(
        on cluster: SlurmCluster? = nil,
        _ arguments: String...
    ) throws -> (exitCode: Int32, output: String) {
        let process = Process()
        let pipe = Pipe()
        // Processes that are killed may take long to be gone where a hundred others want to run.
        let arguments = arguments + ["--width", "2", "--patience", "20"]
        if let cluster {
            process.executableURL = URL(fileURLWithPath: cluster.runner)
            process.arguments = [try program.path, "--cluster", cluster.root] + arguments
        } else {
            process.executableURL = try program
            process.arguments = arguments
        }
        process.standardOutput = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    private static var program: URL {
        get throws {
            let paths =
                CommandLine.arguments + [
                    try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
                ]
            let bundle = try #require(paths.first { $0.contains(".xctest") }).components(separatedBy: ".xctest")[0]
            return URL(fileURLWithPath: bundle).deletingLastPathComponent().appending(path: "crash-campaign")
        }
    }

    @Test func killsAtRandomInstantsLoseRepeatAndLeaveNothing() throws {
        let result = try Self.campaign("--rounds", "12", "--seed", "1")
        #expect(result.exitCode == 0, "\(result.output)")
        #expect(result.output.contains("12 rounds, "))
    }

    @Test func killsAtRandomInstantsLeaveAHistoryInADatabaseTrue() throws {
        let result = try Self.campaign(
            "--rounds",
            "8",
            "--seed",
            "2",
            "--history",
            "SQLiteHistory",
            "--checkpointer",
            "SQLiteCheckpointer"
        )
        #expect(result.exitCode == 0, "\(result.output)")
        #expect(result.output.contains("8 rounds, "))
    }

    /// Pilots, nodes and links are struck, too.
    @Test(.enabled(if: SlurmCluster.isAvailable, "\(SlurmCluster.obstacle ?? "")"))
    func whatHappensToAClusterLosesRepeatsAndLeavesNothing() throws {
        let cluster = try SlurmCluster(["--nodes", "3", "--cpus", "4", "--namespaces"])
        let result = try Self.campaign(on: cluster, "--rounds", "10", "--seed", "3")
        #expect(result.exitCode == 0, "\(result.output)")
        #expect(result.output.contains("10 rounds, "))
    }

    #if DEBUG
        /// Every fourth kill; `crash-campaign --systematic all` performs all.
        @Test func killsAtTheFaultPointsOfARunThatFailsLoseRepeatAndLeaveNothing() throws {
            let result = try Self.campaign("--systematic", "failure", "--stride", "4")
            #expect(result.exitCode == 0, "\(result.output)")
            #expect(result.output.contains(/kills at [23]\d fault points/), "few fault points: \(result.output)")
        }
    #endif

    @Test func theCampaignNoticesACheckpointerThatLosesSteps() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "lossy-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        let result = try Self.campaign(
            "--rounds",
            "8",
            "--checkpointer",
            "LossyCheckpointer",
            "--directory",
            directory.path
        )
        #expect(result.exitCode == 1)
        #expect(result.output.contains("VIOLATION: --seed 1 --round"))
    }
}
