public import FlowmancerCore
import FlowmancerSystem
import FoundationEssentials
import Glibc

/// Executes tasks on the nodes of a Slurm cluster.
///
/// The engine runs where Slurm's programs are, such as a login node. It asks for jobs of one node each, as many as there is work
/// for. In each one, this program runs as a pilot, and executes one attempt after the other: a task does not wait in the queue
/// of the cluster.
///
/// The nodes must have the same program and the same app root as the engine, in a shared file system, and must reach the
/// engine over the network.
///
/// ```yaml
/// executors:
///   cluster:
///     executor: Slurm
///     parameters:
///       nodes: 1-10
///       time: 2h
///       cpus: 16
///       memory: 64G
/// ```
public struct Slurm: FlowExecutor {
    public static let abstract = "Executes tasks on the nodes of a Slurm cluster."

    /// How many nodes there are at most, or at least and at most while there is work.
    @Parameter("How many nodes there are at most, or at least and at most while there is work: 10, or 1-10.")
    package var nodes = NodeRange.standard

    /// The time limit of each node's job.
    @Parameter("How long a node is asked for; by default, as long as the partition says.")
    package var time: PilotTime?

    /// How long a node without work is kept.
    @Parameter("How long a node without work is kept.")
    public var idle = Duration.seconds(300)

    /// The partition.
    @Parameter("The partition; by default, that of the cluster.")
    package var partition: SlurmName?

    /// The account that pays.
    @Parameter("The account that pays; by default, that of the user.")
    package var account: SlurmName?

    /// The quality of service.
    @Parameter("The quality of service (QOS).")
    package var qos: SlurmName?

    /// The processors of each node.
    @Parameter("The processors of each node; by default, 1.")
    package var cpus: ProcessorCount?

    /// The memory of each node.
    @Parameter("The memory of each node, such as 64G; by default, as much as the cluster says.")
    package var memory: MemorySize?

    /// The graphics processors of each node.
    @Parameter("The graphics processors of each node: 2, or with a type, a100:2.")
    package var gpus: GraphicsRequest?

    /// Further options of `sbatch`.
    @Parameter("Further options of sbatch, such as [--constraint=ib].")
    package var options = SubmissionOptions()

    /// Lines of bash that each node runs before the program.
    @Parameter("Lines of bash that each node runs before the program, such as [module load cuda].")
    public var setup = TextList()

    /// Where the engine waits for the nodes to connect.
    @Parameter(
        "Where the engine waits for the nodes: HOST:PORT, HOST or :PORT; by default, this machine, at a free port."
    )
    package var listen: ListenAddress?

    /// How long engine and node wait for each other when the connection is lost.
    @Parameter(
        "How long engine and node wait for each other when the connection is lost, before the attempts are lost."
    )
    package var lease = PilotLease.standard

    /// Creates an executor with default parameters.
    public init() {}

    public var scale: PilotScale {
        PilotScale(minimum: nodes.minimum, maximum: nodes.maximum, idle: idle, lease: lease.value)
    }

    public var capacity: NodeCapacity? {
        NodeCapacity(
            processors: cpus?.value ?? 1,
            memory: memory?.bytes,
            graphicsProcessors: (0..<(gpus?.count ?? 0)).map { "\($0)" }
        )
    }

    public func open(
        _ site: PilotSite,
        accept: @escaping @Sendable (any PilotConnection) -> Void
    ) async throws -> any PilotProvider {
        try await open(site, queue: SlurmQueue(), accept: accept)
    }

    func open(
        _ site: PilotSite,
        queue: SlurmQueue,
        accept: @escaping @Sendable (any PilotConnection) -> Void
    ) async throws -> any PilotProvider {
        let ledger = try RequestLedger(in: site.directory)
        let entrance = try await PilotEntrance.open(site, address: listen?.text, accept: accept)
        let submission = Submission(site, invitation: entrance.invitation, parameters: self)
        if let obstacle = submission.obstacle {
            await entrance.close()
            throw PilotRefusal(obstacle)
        }
        return SlurmProvider(submission, site: site, queue: queue, ledger: ledger, entrance: entrance)
    }

    public static func join(_ invitation: String) throws -> PilotSeat {
        let surroundings = try PilotSurroundings(
            ProcessContext.environment,
            host: ProcessInfo.processInfo.hostName,
            processors: HostResources.current().cpus
        )
        return try PilotEntrance.seat(surroundings, invitation)
    }

    /// Ends the pilots that an engine left which was killed.
    ///
    /// - Parameter directory: The directory that ``FlowExecutor/open(_:accept:)`` had for the run.
    /// - Returns: The pilots that are not over yet, with their states. Ask again until there are none.
    /// - Throws: An error if Slurm does not answer.
    public static func releaseLeftovers(in directory: String) async throws -> [String: PilotState] {
        try await releaseLeftovers(in: directory, queue: SlurmQueue())
    }

    static func releaseLeftovers(in directory: String, queue: SlurmQueue) async throws -> [String: PilotState] {
        guard let record = try RequestLedger.read(in: directory), !record.jobs.isEmpty else { return [:] }
        let pilots = record.pilots(in: try await queue.ownListing()).filter { !$0.value.isOver }
        try await queue.cancelJobs(pilots.keys.compactMap { SlurmJobID($0)?.job })
        return pilots
    }
}
