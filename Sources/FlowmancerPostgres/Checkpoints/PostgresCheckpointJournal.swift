#if Postgres
    import FlowmancerCore
    import FlowmancerDatabases
    import FlowmancerFaults
    import Synchronization

    /// Records the steps of a run: every call is one statement, and one round trip.
    ///
    /// There is nothing to compact, since a task and a shared value have one row each, whatever happens to them.
    final class PostgresCheckpointJournal: CheckpointJournal {
        private struct State {
            /// `nil` after the journal was closed.
            var store: PostgresStore?
            var spellings: KeySpellings
            var holders: OutputHolders
        }

        private let run: Int64
        private let job: String
        private let lock: PostgresLock?
        private let settings: PostgresSettings
        private let place: String
        private let state: Mutex<State>
        /// Waits for the server's disk where there is no lock, whose session does that otherwise.
        private let assistant = Mutex<PostgresConnection?>(nil)

        init(
            _ store: PostgresStore,
            run: Int64,
            job: String,
            lock: PostgresLock?,
            settings: PostgresSettings,
            startingFrom start: CheckpointContents
        ) {
            self.run = run
            self.job = job
            self.lock = lock
            self.settings = settings
            place = store.place
            state = Mutex(
                State(
                    store: store,
                    spellings: KeySpellings(start.sharedDict.keys),
                    holders: OutputHolders(start.outputs.keys)
                )
            )
        }

        func append(_ entries: [JournalEntry]) throws {
            guard !entries.isEmpty else { return }
            try state.withLock { state in
                guard let store = state.store else { throw PostgresError(.closed, at: place) }
                var (spellings, holders) = (state.spellings, state.holders)
                FaultPoint.pass("journal.write")
                try store.append(entries, to: run, of: job, &spellings, &holders)
                FaultPoint.pass("journal.written")
                (state.spellings, state.holders) = (spellings, holders)
            }
        }

        func synchronize() throws {
            guard state.withLock({ $0.store }) != nil else { return }
            if let lock {
                try lock.synchronize(run)
            } else {
                let connection = try assistant.withLock { connection in
                    if let connection, !connection.isBroken { return connection }
                    let opened = try PostgresConnection(settings)
                    connection = opened
                    return opened
                }
                try PostgresLock.synchronize(run, connection, settings)
            }
            FaultPoint.pass("journal.synchronized")
        }

        /// A journal that lost its connection is started anew by whoever cannot append to it.
        var isDueForCompaction: Bool { false }

        func close() throws {
            state.withLock { $0.store = nil }
            assistant.withLock { $0 = nil }
        }
    }
#endif
