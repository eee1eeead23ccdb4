import Glibc

/// Performs the strikes of one run of the engine, and mends what they broke.
struct ClusterAttack {
    private let cluster: CampaignCluster
    private let marker: String
    private var strikes: [Strike]
    /// What is to be mended, and when.
    private var repairs: [(time: ContinuousClock.Instant, work: Repair)] = []

    private enum Repair {
        case goOn(pid_t)
        case mendLink(node: String)
        case turnOn
    }

    /// - Parameters:
    ///   - strikes: In the order in which they come.
    ///   - marker: That of the run.
    init(_ strikes: [Strike], on cluster: CampaignCluster, marker: String) {
        self.strikes = strikes
        self.cluster = cluster
        self.marker = marker
    }

    /// Performs what is due.
    mutating func proceed(sideSize: Int) throws {
        while let strike = strikes.first, strike.sideSize <= sideSize {
            strikes.removeFirst()
            try perform(strike.kind)
        }
        let now = ContinuousClock.now
        for repair in repairs where repair.time <= now { try perform(repair.work) }
        repairs.removeAll { $0.time <= now }
    }

    /// Mends everything.
    mutating func finish() throws {
        strikes = []
        for repair in repairs { try perform(repair.work) }
        repairs = []
    }

    private mutating func perform(_ strike: Strike.Kind) throws {
        switch strike {
        case .killPilot:
            if let pilot = MarkedProcess.pilots(marker: marker).randomElement() { kill(pilot.pid, SIGKILL) }
        case .stopPilot:
            guard let pilot = MarkedProcess.pilots(marker: marker).randomElement() else { return }
            kill(pilot.pid, SIGSTOP)
            // Its tasks go on meanwhile, and nothing ends them should others begin elsewhere.
            repairs.append((.now + .milliseconds(250 * CampaignCluster.lease), .goOn(pilot.pid)))
        case .cut(let node, let seconds):
            try cluster.setLink(of: node, isUp: false)
            repairs.append((.now + .seconds(seconds), .mendLink(node: node)))
        case .turnOff(let node, let seconds):
            try cluster.turnOff(node)
            repairs.append((.now + .seconds(seconds), .turnOn))
        case .cancel: try cluster.cancelAll()
        }
    }

    private func perform(_ repair: Repair) throws {
        switch repair {
        case .goOn(let pid): kill(pid, SIGCONT)
        case .mendLink(let node): try cluster.setLink(of: node, isUp: true)
        case .turnOn: try cluster.turnOn()
        }
    }
}

extension MarkedProcess {
    /// The pilots of a run: Slurm's daemons have started them.
    fileprivate static func pilots(marker: String) -> [MarkedProcess] {
        all(marker: marker).filter { $0.parentName == "slurmstepd" }
    }
}
