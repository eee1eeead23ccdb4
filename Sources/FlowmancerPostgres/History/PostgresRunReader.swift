#if Postgres
    import FlowmancerCore
    import FlowmancerDatabases
    import Synchronization

    /// Reads the events of a run, also while it is recorded.
    final class PostgresRunReader: RunReader {
        private let id: RunID
        private let number: String
        private let tasks: RunShape?
        private let place: String
        private let store: @Sendable () throws -> HistoryStore?
        private let passage: Mutex<EventPassage>

        /// - Parameters:
        ///   - event: The number of the event behind which to begin.
        ///   - store: Returns a session that works.
        init(
            _ id: RunID,
            _ number: String,
            _ tasks: RunShape?,
            at place: String,
            after event: Int,
            store: @escaping @Sendable () throws -> HistoryStore?
        ) {
            self.id = id
            self.number = number
            self.tasks = tasks
            self.place = place
            self.store = store
            passage = Mutex(EventPassage(of: id, at: place, after: event))
        }

        func run() throws -> KeptRun {
            guard let run = try store()?.run(id) else {
                throw HistoryError(HistoryProblem(place: place, reason: "no longer has the run \(id)"))
            }
            return run
        }

        func shape() throws -> RunShape? { tasks }

        func next(atMost limit: Int) throws -> RecordedEvents {
            try passage.withLock { passage in
                guard !passage.isOver else { return passage.take([]) }
                let rows = try store()?.events(of: number, after: passage.last, atMost: limit)
                return passage.take(rows ?? [])
            }
        }
    }
#endif
