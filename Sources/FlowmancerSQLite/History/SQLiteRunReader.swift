import FlowmancerCore
import FlowmancerDatabases
import FlowmancerSystem
import GRDB
import Synchronization

/// Reads the events of a run, also while it is recorded.
final class SQLiteRunReader: RunReader {
    private let id: RunID
    private let number: Int64
    private let database: SQLiteDatabase
    private let passage: Mutex<EventPassage>

    /// - Parameter event: The number of the event behind which to begin.
    init(_ id: RunID, _ number: Int64, in database: SQLiteDatabase, after event: Int) {
        self.id = id
        self.number = number
        self.database = database
        passage = Mutex(EventPassage(of: id, at: database.place.path, after: event))
    }

    func run() throws -> KeptRun {
        guard let run = try database.runs.run(id) else {
            throw HistoryError(HistoryProblem(place: database.place.path, reason: "no longer has the run \(id)"))
        }
        return run
    }

    func shape() throws -> RunShape? { try database.read { try HistoryTable.shape(of: number, id, $0) } }

    func next(atMost limit: Int) throws -> RecordedEvents {
        try passage.withLock { passage in
            guard !passage.isOver else { return passage.take([]) }
            do {
                let last = passage.last
                return passage.take(
                    try database.read { try HistoryTable.events(of: number, after: last, atMost: limit, $0) }
                )
            } catch let error as SQLiteDatabaseError where error.code == .damaged {
                return passage.fail("is damaged behind the event \(passage.last) of the run \(id)")
            }
        }
    }
}

extension SQLiteDatabase {
    /// How the runs stand that are in it.
    var runs: StoredRuns {
        StoredRuns(at: place.path, life: \.lifeHere) { id in try self.read { try HistoryTable.find(id, $0) } }
    }
}
