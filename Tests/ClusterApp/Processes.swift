import Flowmancer
import FlowmancerCluster
import Foundation
import Synchronization
import TestSupport

/// Starts pilots as processes of this machine, as if each had one of its own.
struct Processes: FlowExecutor {
    @Parameter var pilots = 2
    @Parameter var cpus = 2
    @Parameter var idle = Duration.seconds(60)
    @Parameter var lease = Duration.seconds(5)

    var scale: PilotScale { PilotScale(maximum: pilots, idle: idle, lease: lease) }
    var capacity: NodeCapacity? { NodeCapacity(processors: cpus, graphicsProcessors: ["x", "y"]) }

    func open(
        _ site: PilotSite,
        accept: @escaping @Sendable (any PilotConnection) -> Void
    ) async throws -> any PilotProvider {
        let listener = try await PilotListener(site, address: "127.0.0.1", accept: accept)
        return Provider(site: site, listener: listener, cpus: cpus)
    }

    static func releaseLeftovers(in directory: String) async throws -> [String: PilotState] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        let pids = names.compactMap { $0.hasPrefix("pid-") ? pid_t($0.dropFirst(4)) : nil }
        for pid in pids { kill(pid, SIGTERM) }
        let living = pids.filter { kill($0, 0) == 0 }
        return Dictionary(uniqueKeysWithValues: living.map { ("\($0)", .running) })
    }

    static func join(_ invitation: String) throws -> PilotSeat {
        let environment = ProcessInfo.processInfo.environment
        let invitation = try PilotInvitation(path: invitation)
        return PilotSeat(
            id: environment["FLOWMANCER_TEST_PILOT"] ?? "",
            node: environment["FLOWMANCER_TEST_NODE"] ?? "",
            capacity: NodeCapacity(
                processors: Int(environment["FLOWMANCER_TEST_CPUS"] ?? "") ?? 1,
                graphicsProcessors: ["x", "y"]
            ),
            lease: invitation.site.lease,
            connect: { try await invitation.connect() }
        )
    }
}

private final class Provider: PilotProvider {
    private let site: PilotSite
    private let listener: PilotListener
    private let cpus: Int
    private let processes = Mutex<[String: pid_t]>([:])

    init(site: PilotSite, listener: PilotListener, cpus: Int) {
        self.site = site
        self.listener = listener
        self.cpus = cpus
    }

    func request(_ count: Int) async throws -> [String] {
        try (0..<count).map { _ in
            try processes.withLock { processes in
                let id = "\(processes.count + 1)"
                let variables =
                    ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" } + [
                        "FLOWMANCER_TEST_PILOT=\(id)", "FLOWMANCER_TEST_NODE=node\(id)", "FLOWMANCER_TEST_CPUS=\(cpus)",
                    ]
                let pid = try spawn(
                    site.program,
                    [site.program] + site.arguments + [listener.invitation],
                    environment: variables,
                    output: "\(site.directory)/output-\(id)"
                )
                _ = FileManager.default.createFile(atPath: "\(site.directory)/pid-\(pid)", contents: nil)
                processes[id] = pid
                return id
            }
        }
    }

    func states(of pilots: [String]) async throws -> [String: PilotState] {
        processes.withLock { processes in
            pilots.reduce(into: [:]) { states, pilot in
                var status: Int32 = 0
                guard let pid = processes[pilot], pid > 0, waitpid(pid, &status, WNOHANG) == 0 else {
                    processes[pilot] = 0
                    states[pilot] = .over(reason: "its process ended")
                    return
                }
                states[pilot] = .running
            }
        }
    }

    func release(_ pilots: [String]) async throws {
        processes.withLock { processes in
            for pilot in pilots { if let pid = processes[pilot], pid > 0 { kill(pid, SIGTERM) } }
        }
    }

    func close() async {
        try? await release(processes.withLock { Array($0.keys) })
        await listener.close()
    }
}
