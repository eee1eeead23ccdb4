import FlowmancerCore
import FlowmancerSystem
import Glibc

/// The engine's process whose run is the only one that a server shows.
actor EngineProcess {
    private let number: Int32
    private let histories: Histories
    private var known: RunID?
    private let descriptor: OwnedDescriptor?

    private static let interval = Duration.milliseconds(50)
    /// Pages that follow the run learn of its end, and load what they need of it, before the server is gone.
    private static let farewell = Duration.seconds(3)

    init(_ number: Int32, _ histories: Histories) {
        self.number = number
        self.histories = histories
        descriptor = try? OwnedDescriptor(process: number)
    }

    /// The run of the process; `nil` until it is on record.
    func run() async -> RunID? {
        if let known { return known }
        if let run = try? await histories.run(of: number), run.state == .underWay { known = run.record.id }
        return known
    }

    /// The run of the process. It is waited for, but not for ever.
    func run(patience: Duration) async -> RunID? {
        let deadline = ContinuousClock.now + patience
        while ContinuousClock.now < deadline, !hasEnded {
            if let run = await run() { return run }
            try? await Task.sleep(for: Self.interval)
        }
        return await run()
    }

    private var hasEnded: Bool {
        descriptor.map(\.isReadable) ?? (kill(number, 0) != 0)
    }

    /// Returns when the process has ended, and everybody has had time to learn of it.
    func waitForEnd() async {
        while !hasEnded, !Task.isCancelled { try? await Task.sleep(for: Self.interval * 4) }
        try? await Task.sleep(for: Self.farewell)
    }
}
