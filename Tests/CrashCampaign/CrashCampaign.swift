import ArgumentParser
import CrashCampaignKit
import FlowmancerSQLite
import FlowmancerSlurm
import Glibc

/// Kills engines and looks what becomes of their jobs.
@main struct CrashCampaign {
    static func main() async {
        // Workers come here, too.
        if CampaignVictim.isRequested { CampaignVictim.main() }
        await Command.main()
    }
}

struct Command: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crash-campaign",
        abstract: "Kill the engine again and again, and check that nothing is lost, repeated or left behind."
    )

    @Option(help: "How many random rounds there are.")
    var rounds = 100

    @Option(help: "The seed of the random rounds.")
    var seed: UInt64 = 1

    @Option(help: "Only this random round.")
    var round: Int?

    @Option(help: "Kill at every fault point instead: success, failure, restart, restart-failing, compaction, or all.")
    var systematic: [String] = []

    @Option(help: "With --systematic: perform only every n-th kill.")
    var stride = 1

    @Option(help: "How many rounds go on at once; no more than there are processors.")
    var width = 2

    @Option(help: "How many seconds what a killed engine left may live.")
    var patience = 1.0

    @Option(help: "The checkpointer of the jobs: FileCheckpointer, SQLiteCheckpointer or LossyCheckpointer.")
    var checkpointer = "FileCheckpointer"

    @Option(help: "The history of the jobs: FileHistory or SQLiteHistory.")
    var history = "FileHistory"

    @Option(help: "The directory of a Slurm cluster with namespaces, where tasks run. Start the campaign by its `run`.")
    var cluster: String?

    @Option(help: "Where the rounds take place.")
    var directory = "/tmp/crash-campaign-\(getpid())"

    @Flag(help: "Random rounds of jobs whose tasks can be reused, while their files change.")
    var reuse = false

    @Flag(help: "Mention every round.")
    var verbose = false

    func run() async throws {
        var settings = Round.Settings(directory: directory)
        settings.patience = patience
        settings.checkpointer = checkpointer
        if checkpointer == "SQLiteCheckpointer" {
            settings.reader = {
                SQLiteCheckpointer(checkpointDatabase: "\($0)/checkpoints.sqlite", patience: .seconds(5))
            }
            settings.remains = { _ in ["checkpoints.sqlite"] }
        }
        settings.cluster = try cluster.map(CampaignCluster.init)
        settings.history = history
        if history == "SQLiteHistory" {
            settings.historyReader = { (SQLiteHistory(historyDatabase: "\($0)/history.sqlite"), "history.sqlite") }
        }
        let campaign = Campaign(settings: settings, width: width, isVerbose: verbose)
        let failures: Int
        let numbers = round.map { $0..<$0 + 1 } ?? 0..<rounds
        if reuse {
            failures = await campaign.performReuse(seed: seed, rounds: numbers)
        } else if systematic.isEmpty {
            failures = await campaign.performRandom(seed: seed, rounds: numbers)
        } else {
            let jobs = systematic.contains("all") ? Campaign.systematicJobs.keys.sorted() : systematic
            failures = try await campaign.performSystematic(jobs, stride: max(1, stride))
        }
        if failures == 0 { rmdir(directory) }
        if let cluster = settings.cluster, try !cluster.isEmpty() {
            print("VIOLATION: Slurm has jobs that nobody waits for")
            throw ExitCode(1)
        }
        throw ExitCode(failures == 0 ? 0 : 1)
    }
}
