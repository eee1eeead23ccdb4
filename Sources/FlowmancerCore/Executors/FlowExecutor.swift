/// Brings pilots to other machines, where they execute tasks of a run.
///
/// A pilot is this program on another machine. It connects to the engine, and executes the attempts that the engine gives it
/// in processes of its own. The engine decides how many pilots there are to be and which of them executes what. An executor
/// only asks somebody for machines, usually a batch system, and connects both sides.
///
/// The machines share a file system with the engine: the program and the app root have the same paths there.
// Otherwise an optimised build drops types that only job files name.
@_alwaysEmitConformanceMetadata
public protocol FlowExecutor: PluginLifecycle {
    /// How many pilots there may be, and how long they live without work and without the engine.
    var scale: PilotScale { get }

    /// What each pilot has for the attempts that it executes at the same time; `nil` if that is known only once it has
    /// started.
    var capacity: NodeCapacity? { get }

    /// Gets ready for pilots of a run, which connect from now on.
    ///
    /// - Parameters:
    ///   - site: What pilots have to know.
    ///   - accept: Takes every connection whose other side proved to be a pilot of this run. It is called on any thread.
    /// - Returns: Asks for pilots.
    func open(
        _ site: PilotSite,
        accept: @escaping @Sendable (any PilotConnection) -> Void
    ) async throws -> any PilotProvider

    /// Ends pilots that an engine left which was killed, whether they have started or not.
    ///
    /// - Parameter directory: The ``PilotSite/directory`` of that engine's run.
    /// - Returns: What has become of those that are not over yet. The engine asks again until there are none, or until they
    ///   have ended by themselves.
    /// - Throws: An error if nobody can say.
    static func releaseLeftovers(in directory: String) async throws -> [String: PilotState]

    /// Connects a pilot with its engine. Called in the process of the pilot.
    ///
    /// - Parameter invitation: What the executor wrote for it in ``open(_:accept:)``.
    static func join(_ invitation: String) throws -> PilotSeat
}

/// Asks for pilots on behalf of a run, and ends them.
public protocol PilotProvider: Sendable {
    /// Asks for further pilots. They may take hours to start.
    ///
    /// - Returns: The ids of the pilots. None is used twice.
    /// - Throws: An error if none will start.
    func request(_ count: Int) async throws -> [String]

    /// Returns what has become of pilots. One that nobody knows any more is over.
    ///
    /// - Throws: An error if nobody can say.
    func states(of pilots: [String]) async throws -> [String: PilotState]

    /// Ends pilots, whether they have started or not.
    func release(_ pilots: [String]) async throws

    /// Takes leave: no pilot is asked for or connects any more, and those that were not released are.
    func close() async
}

/// What has become of a pilot that was asked for.
public enum PilotState: Sendable, Hashable {
    /// It has not started, for this reason: what the batch system says.
    case waiting(reason: String)
    /// It runs on a machine.
    case running
    /// It is over and nothing of it is left running, for this reason.
    case over(reason: String)
    /// Its machine no longer answers, so nobody knows whether it runs, for this reason.
    case unreachable(reason: String)
}

/// How many pilots an executor may have, and how long they live.
public struct PilotScale: Sendable, Hashable {
    /// So many are kept while a run has tasks for the executor, at least 0.
    public var minimum: Int
    /// So many there are at most, at least 1.
    public var maximum: Int
    /// A pilot above the minimum ends when it had nothing to do for this time.
    public var idle: Duration
    /// So long both sides wait for each other when the connection is lost. Then the pilot ends with everything that it
    /// started, and the engine takes its attempts for lost.
    public var lease: Duration

    /// Creates a scale.
    public init(minimum: Int = 0, maximum: Int, idle: Duration = .seconds(300), lease: Duration = .seconds(30)) {
        self.minimum = minimum
        self.maximum = maximum
        self.idle = idle
        self.lease = lease
    }
}

/// What the pilots of a run have to know.
public struct PilotSite: Sendable, Hashable {
    /// The id of the run.
    public var run: RunID
    /// The name of the job.
    public var job: String
    /// The name of the executor in the job.
    public var executor: String
    /// The path of the program that a pilot runs.
    public var program: String
    /// The arguments with which the program becomes a pilot. The path of the invitation follows on them.
    public var arguments: [String]
    /// The directory in which the engine runs.
    public var root: String
    /// A private directory of this run and executor, which exists.
    public var directory: String
    /// So long both sides wait for each other; see ``PilotScale/lease``.
    public var lease: Duration

    /// Creates a site.
    public init(
        run: RunID,
        job: String,
        executor: String,
        program: String,
        arguments: [String],
        root: String,
        directory: String,
        lease: Duration
    ) {
        self.run = run
        self.job = job
        self.executor = executor
        self.program = program
        self.arguments = arguments
        self.root = root
        self.directory = directory
        self.lease = lease
    }
}

/// What a pilot knows about itself, and how it reaches its engine.
public struct PilotSeat: Sendable {
    /// The id that ``PilotProvider/request(_:)`` returned for it.
    public var id: String
    /// The name of its machine.
    public var node: String
    /// What it may use there.
    public var capacity: NodeCapacity
    /// So long it waits for the engine, at the beginning, too: that of the ``PilotSite``.
    public var lease: Duration
    /// Connects with the engine. Is called again when the connection is lost.
    public var connect: @Sendable () async throws -> any PilotConnection

    /// Creates a seat.
    public init(
        id: String,
        node: String,
        capacity: NodeCapacity,
        lease: Duration,
        connect: @escaping @Sendable () async throws -> any PilotConnection
    ) {
        self.id = id
        self.node = node
        self.capacity = capacity
        self.lease = lease
        self.connect = connect
    }
}

/// The error of a ``PilotProvider`` that will never bring pilots: the run fails. After any other error, the engine asks again
/// later.
public struct PilotRefusal: PlainError, Sendable, Hashable {
    /// Why, and what to do about it.
    public var reason: String

    /// Creates an error.
    public init(_ reason: String) { self.reason = reason }

    public var description: String { reason }
}
