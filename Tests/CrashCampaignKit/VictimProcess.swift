import FoundationEssentials
import Glibc
import TestSupport

/// An engine that is started to be killed.
struct VictimProcess {
    /// How long an engine may take; only a hang reaches it.
    private static let patience: Double = 120

    private let pid: pid_t
    private let marker: String
    private let side: SideFile
    private let kill: Kill
    private let stopsWorkers: Bool
    private var cluster: ClusterAttack?

    /// Starts the engine.
    ///
    /// - Parameters:
    ///   - stopsWorkers: Whether some of its workers are stopped just before it is killed.
    ///   - cluster: What happens to the machines on which its tasks run.
    init(_ setup: Setup, kill: Kill, stopsWorkers: Bool, cluster: ClusterAttack? = nil) throws {
        self.cluster = cluster
        self.kill = kill
        self.stopsWorkers = stopsWorkers
        marker = setup.marker
        side = setup.side
        pid = try setup.start(kill)
    }

    /// What an engine is started with.
    struct Setup {
        var directory: String
        var run: Int
        var marker: String
        var trace: String?
        /// Whether it continues the run before; by default, all but the first one do.
        var isRestart: Bool?

        var side: SideFile { SideFile(path: "\(directory)/side") }
        var output: String { "\(directory)/output-\(run)" }

        fileprivate func start(_ kill: Kill) throws -> pid_t {
            var values = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("FLOWMANCER_") }
            let own = [
                "SWIFT_BACKTRACE": "enable=no", Victim.sideVariable: side.path, Victim.runVariable: "\(run)",
                Victim.markerVariable: marker,
            ]
            values.merge(own) { $1 }
            // Pilots do not inherit anything.
            let lines = own.map { "export \($0.key)='\($0.value)'\n" }.sorted().joined()
            try Data(lines.utf8).write(to: URL(filePath: "\(directory)/pilot.env"), options: .atomic)
            if case .fault(let name, let count) = kill { values["FLOWMANCER_FAULT"] = "\(name):\(count)" }
            if let trace { values["FLOWMANCER_FAULT_TRACE"] = trace }
            let command = [CommandLine.arguments[0], "--app-root", directory, "-j", "\(directory)/job.json"]
            return try spawn(
                "/proc/self/exe",
                isRestart ?? (run > 0) ? command + ["-r"] : command,
                environment: values.map { "\($0.key)=\($0.value)" },
                output: output
            )
        }
    }

    /// Waits for the end, by a kill or by itself.
    mutating func wait() throws -> History.Ending {
        defer { try? cluster?.finish() }
        let start = Self.now
        var isKilled = false
        while true {
            var status: Int32 = 0
            if waitpid(pid, &status, WNOHANG) == pid {
                if status & 0x7F == 0 { return .exited(status >> 8 & 0xFF) }
                guard status & 0x7F == SIGKILL else {
                    throw CampaignError("the engine died of signal \(status & 0x7F)")
                }
                return .killed
            }
            if !isKilled, isDue(since: start) {
                isKilled = true
                if stopsWorkers { for process in workers.shuffled().prefix(2) { Glibc.kill(process.pid, SIGSTOP) } }
                Glibc.kill(pid, SIGKILL)
            }
            try cluster?.proceed(sideSize: side.size)
            if Self.now - start > Self.patience {
                Glibc.kill(pid, SIGKILL)
                waitpid(pid, nil, 0)
                throw CampaignError("the engine did not end")
            }
            usleep(300)
        }
    }

    private func isDue(since start: Double) -> Bool {
        switch kill {
        case .never, .fault: false
        case .afterMilliseconds(let time): Self.now - start >= Double(time) / 1_000
        case .atSideSize(let size): side.size >= size
        }
    }

    /// Its workers and what they started. Keeper and guard are left alone, also before they have their names: if they
    /// are stopped, nobody can clean up.
    private var workers: [MarkedProcess] {
        let program = CommandLine.arguments[0].split(separator: "/").last ?? ""
        let names = ["sh", "setsid", "sleep", String(program.prefix(15))]
        return MarkedProcess.all(marker: marker).filter { $0.pid != pid && names.contains($0.name) }
    }

    /// Ends it after a violation.
    func end() {
        Glibc.kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
    }

    private static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
