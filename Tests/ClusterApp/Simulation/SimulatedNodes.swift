import Flowmancer
import FlowmancerCluster
import Foundation
import Glibc
import Synchronization
import TestSupport

/// Has a single process stand for all pilots: each has a connection of its own, and its tasks only take their time.
///
/// It shows what an engine can do with more machines than there are.
struct SimulatedNodes: FlowExecutor {
    @Parameter var nodes = 1_000
    @Parameter var cpus = 64
    @Parameter("How long each task takes.") var taskTime = Duration.seconds(1)

    static let timeVariable = "FLOWMANCER_SIMULATED_TASK_MILLISECONDS"

    // All are there before the first task begins, and stay.
    var scale: PilotScale { PilotScale(minimum: nodes, maximum: nodes, idle: .seconds(3_600), lease: .seconds(60)) }
    var capacity: NodeCapacity? { NodeCapacity(processors: cpus) }

    func open(
        _ site: PilotSite,
        accept: @escaping @Sendable (any PilotConnection) -> Void
    ) async throws -> any PilotProvider {
        let listener = try await PilotListener(site, address: "127.0.0.1", accept: accept)
        return SimulatedProvider(self, site, listener)
    }

    static func releaseLeftovers(in directory: String) async throws -> [String: PilotState] { [:] }

    /// Is called in the process that stands for the pilots, and stays there.
    static func join(_ invitation: String) throws -> PilotSeat {
        try PilotSimulation(invitation: PilotInvitation(path: invitation)).run()
    }
}

private final class SimulatedProvider: PilotProvider {
    private let parameters: SimulatedNodes
    private let site: PilotSite
    private let listener: PilotListener
    private let processes = Mutex<[pid_t]>([])
    private let count = Mutex(0)

    init(_ parameters: SimulatedNodes, _ site: PilotSite, _ listener: PilotListener) {
        self.parameters = parameters
        self.site = site
        self.listener = listener
    }

    func request(_ count: Int) async throws -> [String] {
        let first = self.count.withLock { total in
            defer { total += count }
            return total
        }
        let own = [
            "FLOWMANCER_SIMULATED_PILOTS": "\(first + 1)-\(first + count)",
            "FLOWMANCER_SIMULATED_CPUS": "\(parameters.cpus)",
            SimulatedNodes.timeVariable: "\(parameters.taskTime / .milliseconds(1))",
        ]
        let environment = ProcessInfo.processInfo.environment.merging(own) { $1 }
        let pid = try spawn(
            site.program,
            [site.program] + site.arguments + [listener.invitation],
            environment: environment.map { "\($0.key)=\($0.value)" },
            output: "simulation-\(first + 1).log"
        )
        processes.withLock { $0.append(pid) }
        return (first + 1...first + count).map(String.init)
    }

    func states(of pilots: [String]) async throws -> [String: PilotState] {
        Dictionary(uniqueKeysWithValues: pilots.map { ($0, .running) })
    }

    func release(_ pilots: [String]) async throws {}

    func close() async {
        await listener.close()
        // The engine has told the pilots to end.
        for pid in processes.withLock({ $0 }) { waitpid(pid, nil, 0) }
    }
}
