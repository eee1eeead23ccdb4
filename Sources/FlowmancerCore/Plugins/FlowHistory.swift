/// Keeps runs, so that people can see later what happened in them.
///
/// A history stores what it is given and gives it back. It never holds up the run: events come in batches, on a thread of
/// the history's own, and an error of it is reported and fails nothing.
///
/// Several engines and readers use the same history at once. What a reader finds may be incomplete, since a run is under
/// way, was killed or could not be recorded; it is never wrong. What is damaged or was written by a newer version is said
/// and passed over.
// Otherwise an optimised build drops types that only job files name.
@_alwaysEmitConformanceMetadata
public protocol FlowHistory: PluginLifecycle {
    /// Puts a new run on record. If that makes too many runs of the job, the oldest ones are removed, but never one that is
    /// under way.
    ///
    /// - Returns: What records the run; `nil` if the history keeps nothing.
    func beginRun(_ run: RunRecord, _ shape: RunShape) async throws -> (any RunRecorder)?

    /// Returns runs, the newest first.
    func runs(_ query: RunQuery) async throws -> RunPage

    /// Opens a run to be read.
    ///
    /// - Parameter number: The number of the event behind which the reader begins; 0 for all events.
    /// - Returns: `nil` if the history has no such run.
    func openRun(_ id: RunID, after number: Int) async throws -> (any RunReader)?

    /// Removes a run. Nothing happens if there is none.
    ///
    /// - Throws: ``RunUnderWayError`` if the run is, or may be, under way.
    func removeRun(_ id: RunID) async throws
}

/// Records a run that is under way.
public protocol RunRecorder: Sendable {
    /// Stores events, whose numbers follow those of the events before. All are stored or, if an error is thrown, none: the
    /// engine will try again, with more of them.
    ///
    /// Readers find them from now on. The last one of a run has a ``RecordedEvent/conclusion``.
    func append(_ events: [RecordedEvent]) async throws

    /// No event follows. What was stored survives a power failure from now on.
    func close() async throws
}

/// Reads the events of a run in their order, also while it is under way.
public protocol RunReader: Sendable {
    /// Returns what is known of the run at this moment.
    func run() async throws -> KeptRun

    /// Returns the tasks that the run began with; `nil` if that is damaged.
    func shape() async throws -> RunShape?

    /// Returns the next events, as far as they are stored.
    ///
    /// - Parameter limit: How many at most. There are fewer only if no more are stored at this moment, or because of a problem.
    func next(atMost limit: Int) async throws -> RecordedEvents
}

/// The next events of a run.
public struct RecordedEvents: Sendable, Hashable {
    /// The events, whose numbers follow on each other. If there are none, no more are stored at this moment.
    public var events: [RecordedEvent]
    /// Why what follows cannot be read.
    public var problem: HistoryProblem?

    /// Creates a list.
    public init(_ events: [RecordedEvent] = [], problem: HistoryProblem? = nil) {
        self.events = events
        self.problem = problem
    }
}

/// The error of a history that is asked to remove a run that is, or may be, under way.
public struct RunUnderWayError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The id of the run.
    public var id: RunID

    /// Creates an error.
    public init(_ id: RunID) {
        self.id = id
    }

    /// The error in words.
    public var description: String { "the run \(id) is under way; wait for its end, or abort it" }
}

/// The error of a history whose record of a run cannot be used.
public struct HistoryError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong.
    public var problem: HistoryProblem

    /// Creates an error.
    public init(_ problem: HistoryProblem) {
        self.problem = problem
    }

    /// The error in words.
    public var description: String { "the run cannot be shown: \(problem)" }
}
