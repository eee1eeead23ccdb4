#if Postgres
    import FlowmancerCore
    import FlowmancerFaults
    import Synchronization

    /// Records the events of a run by a session of its own, which has the lock of the run.
    final class PostgresRunRecorder: RunRecorder {
        private enum State {
            case open(HistoryStore, isLocked: Bool)
            case lost
            case closed
        }

        private let run: RunRecord
        private let shape: RunShape
        private let settings: PostgresSettings
        private let place: String
        private let state: Mutex<State>

        private init(
            _ run: RunRecord,
            _ shape: RunShape,
            _ settings: PostgresSettings,
            _ store: HistoryStore,
            _ isLocked: Bool
        ) {
            self.run = run
            self.shape = shape
            self.settings = settings
            place = store.place
            state = Mutex(.open(store, isLocked: isLocked))
        }

        /// Puts a run on record, and removes the oldest runs of the job.
        ///
        /// - Parameter count: How many runs are kept; `nil` for all.
        static func begin(
            _ run: RunRecord,
            _ shape: RunShape,
            _ settings: PostgresSettings,
            keeping count: Int?
        ) throws -> PostgresRunRecorder? {
            guard let store = try HistoryStore.open(settings, isReader: false) else { return nil }
            // Nobody sees the run before it has its lock.
            let isLocked = try store.lock(run.id)
            FaultPoint.pass("history.begin")
            try store.begin(run, shape, keeping: count)
            FaultPoint.pass("history.begun")
            return PostgresRunRecorder(run, shape, settings, store, isLocked)
        }

        func append(_ events: [RecordedEvent]) throws {
            guard !events.isEmpty else { return }
            try state.withLock { state in
                let store = try store(&state)
                FaultPoint.pass("history.write")
                do throws(PostgresError) {
                    if try !store.append(events, to: run.id) {
                        // A server that was restored from a backup does not know the run.
                        try store.begin(run, shape)
                        _ = try store.append(events, to: run.id)
                    }
                } catch {
                    if store.isBroken { state = .lost }
                    throw error
                }
                FaultPoint.pass("history.written")
            }
        }

        func close() throws {
            let last = state.withLock { state in
                defer { state = .closed }
                if case .open(let store, _) = state { return store as HistoryStore? }
                return nil
            }
            FaultPoint.pass("history.close")
            defer { last?.unlock() }
            try last?.synchronize(run.id)
            FaultPoint.pass("history.closed")
        }

        /// Returns a session that works, as far as that is known, and tries to have the lock by it.
        private func store(_ state: inout State) throws -> HistoryStore {
            switch state {
            case .closed: throw PostgresError(.closed, at: place)
            case .open(let store, isLocked: true): return store
            case .open(let store, isLocked: false):
                state = .open(store, isLocked: try store.lock(run.id))
                return store
            case .lost:
                guard let store = try HistoryStore.open(settings, isReader: false) else {
                    throw PostgresError(.closed, at: place)
                }
                state = .open(store, isLocked: try store.lock(run.id))
                return store
            }
        }
    }
#endif
