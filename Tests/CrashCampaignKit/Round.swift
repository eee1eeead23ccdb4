package import Flowmancer
import FoundationEssentials
import Glibc

/// One job, killed and restarted until it ends, and what was wrong with that.
package struct Round: Sendable {
    /// What is done to the engine in one of its runs.
    package struct Attack: Sendable {
        package var kill: Kill
        /// Whether some workers are stopped just before.
        package var stopsWorkers = false
        /// What happens to the cluster.
        package var strikes: [Strike] = []
        /// Whether the next run begins at once, while remains of this one may still be there.
        package var isImmediate = false

        package init(_ kill: Kill) {
            self.kill = kill
        }
    }

    /// How a round went.
    package struct Outcome: Sendable {
        package var violations: [String] = []
        package var kills = 0
        /// The places that the engine passed, for every run that was traced.
        package var trace: [String] = []
    }

    private let plan: JobPlan
    private let attacks: [Attack]
    private let number: Int
    private let settings: Settings

    /// What holds for all rounds of a campaign.
    package struct Settings: Sendable {
        package var directory: String
        /// How long remains of a killed engine may live, in seconds.
        package var patience = 1.0
        package var checkpointer = "FileCheckpointer"
        /// Makes a checkpointer that reads what the engine stored in a directory.
        package var reader: @Sendable (_ directory: String) -> any FlowCheckpointer = { directory in
            var reader = FileCheckpointer()
            reader.checkpointDir = directory
            return reader
        }
        /// Where the tasks run; `nil` for this machine.
        package var cluster: CampaignCluster?
        package var history = "FileHistory"
        /// Makes a history that reads what the engine kept in a directory, and the file that it is in.
        package var historyReader: @Sendable (_ directory: String) -> (history: any FlowHistory, file: String) = {
            directory in
            var history = FileHistory()
            history.historyDir = "\(directory)/runs"
            return (history, "runs")
        }
        /// The files that a run leaves which ended by itself.
        package var remains: @Sendable (_ isSuccessful: Bool) -> [String] = { $0 ? [] : ["campaign.checkpoint"] }

        package init(directory: String) {
            self.directory = directory
        }
    }

    /// - Parameters:
    ///   - attacks: For every run of the engine what is done to it; it is left alone after the last one.
    ///   - number: Tells the round apart from others of this process.
    package init(_ plan: JobPlan, attacks: [Attack], number: Int, settings: Settings) {
        self.plan = plan
        self.attacks = attacks
        self.number = number
        self.settings = settings
    }

    /// Where the round takes place; kept if something is wrong.
    package var directory: String { "\(settings.directory)/round-\(number)" }

    private var jobFile: String { "\(directory)/job.json" }

    /// Performs the round.
    ///
    /// - Parameter tracedRun: The run whose fault points are noted.
    package func perform(tracing tracedRun: Int? = nil) async -> Outcome {
        var outcome = Outcome()
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            let job = plan.jobFile(executors: settings.cluster?.section(environment: "\(directory)/pilot.env"))
                .replacing("$CHECKPOINTER", with: settings.checkpointer)
                .replacing("$HISTORY", with: settings.history)
            try Data(job.utf8).write(to: URL(filePath: jobFile))
            try await perform(tracing: tracedRun, &outcome)
        } catch {
            outcome.violations.append("\(error)")
        }
        if outcome.violations.isEmpty { try? FileManager.default.removeItem(atPath: directory) }
        return outcome
    }

    private func perform(tracing tracedRun: Int?, _ outcome: inout Outcome) async throws {
        var history = History(plan, jobFile: jobFile, mayLose: settings.cluster != nil)
        var run = 0
        var next: VictimProcess? = try start(0, tracing: tracedRun)
        while var process = next {
            let attack = attack(run)
            let ending = try process.wait()
            let stored = try await storedContents(after: run)
            if ending == .killed { outcome.kills += 1 }
            let canGoOn = ending == .killed && stored != nil
            next = canGoOn && attack.isImmediate ? try start(run + 1, tracing: tracedRun) : nil
            let survivors = waitForSurvivors(of: run)
            var violations = survivors.isEmpty ? [] : ["still alive: \(survivors)"]
            let events = try side.read().filter { $0.run == run }
            violations += try history.add(events, ending: ending, stored: stored)
            violations += try await KeptRunCheck.violations(
                in: settings.historyReader("\(directory)/.flowmancer").history,
                ending: ending,
                stored: stored,
                isAlone: next == nil
            )
            if case .exited = ending { violations += leftovers() }
            outcome.violations += violations.map { "run \(run), \(attack.kill): \($0)" }
            if run == tracedRun { outcome.trace = try trace() }
            // After a violation nothing that follows means anything.
            guard outcome.violations.isEmpty else {
                next?.end()
                return
            }
            if history.isOver { return }
            run += 1
            if next == nil { next = try start(run, tracing: tracedRun) }
        }
    }

    private func attack(_ run: Int) -> Attack {
        run < attacks.count ? attacks[run] : Attack(.never)
    }

    private var side: SideFile { SideFile(path: "\(directory)/side") }

    private func start(_ run: Int, tracing tracedRun: Int?) throws -> VictimProcess {
        let setup = VictimProcess.Setup(
            directory: directory,
            run: run,
            marker: marker(of: run),
            trace: run == tracedRun ? "\(directory)/trace" : nil
        )
        let cluster = settings.cluster.map { ClusterAttack(attack(run).strikes, on: $0, marker: setup.marker) }
        return try VictimProcess(
            setup,
            kill: attack(run).kill,
            stopsWorkers: attack(run).stopsWorkers,
            cluster: cluster
        )
    }

    /// Digits that no other run has, also none of another campaign.
    private func marker(of run: Int) -> String {
        func digits(_ number: Int, _ count: Int) -> String {
            let text = "\(number)"
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        return "9" + digits(Int(getpid()), 7) + digits(number, 6) + digits(run, 3)
    }

    private func trace() throws -> [String] {
        let data = FileManager.default.contents(atPath: "\(directory)/trace") ?? Data()
        return data.split(separator: 10).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Reads what is stored as a restart would, and keeps a copy for whoever looks into a violation.
    private func storedContents(after run: Int) async throws -> CheckpointContents? {
        let path = "\(directory)/.flowmancer"
        if let data = FileManager.default.contents(atPath: "\(path)/campaign.checkpoint") {
            try data.write(to: URL(filePath: "\(directory)/stored-\(run)"))
        }
        do {
            return try await settings.reader(path).readCheckpoint(for: "campaign")
        } catch is NoCheckpointAvailableError {
            return nil
        }
    }

    /// Waits until nothing of a run is alive, or for too long.
    private func waitForSurvivors(of run: Int) -> [MarkedProcess] {
        let marker = marker(of: run)
        var waited = 0.0
        while true {
            let start = ContinuousClock.now
            let alive = MarkedProcess.all(marker: marker)
            if alive.isEmpty || waited > settings.patience {
                for process in alive { kill(process.pid, SIGKILL) }
                return alive
            }
            usleep(2_000)
            waited += (ContinuousClock.now - start) / .seconds(1)
        }
    }

    /// What a run that ended by itself has left beside the checkpoint.
    private func leftovers() -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(directory)/.flowmancer")) ?? []
        let expected = settings.remains(plan.exitCode == 0)
        let history = settings.historyReader(directory).file
        let pilots = (try? FileManager.default.contentsOfDirectory(atPath: "\(directory)/.flowmancer/pilots")) ?? []
        if !pilots.isEmpty { return ["the directory of the pilots has \(pilots)"] }
        let others = names.filter { $0 != history && $0 != "pilots" }.sorted()
        return others == expected ? [] : ["the checkpoint directory has \(names)"]
    }
}
