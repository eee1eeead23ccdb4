import Flowmancer
import Synchronization

/// The journal of a ``FaultyCheckpointer``.
final class FaultyJournal: CheckpointJournal {
    private let name: String
    private let fault: FaultyCheckpointer.Fault?
    private let storage: FaultyCheckpointer.Storage
    /// What this journal has recorded, whatever others did.
    private let own: Mutex<(contents: CheckpointContents, pending: [JournalEntry], size: Int, isClosed: Bool)>

    init(
        name: String,
        fault: FaultyCheckpointer.Fault?,
        storage: FaultyCheckpointer.Storage,
        contents: CheckpointContents
    ) {
        self.name = name
        self.fault = fault
        self.storage = storage
        let isLarge = contents.sharedDict.values.contains { $0.rawValue.utf8.count > 1 << 20 }
        let size = fault == .staysDue && isLarge ? 17 << 20 : 0
        own = Mutex((contents, [], size, false))
    }

    private static let known: [JournalEntry.Kind] = [.state, .set, .remove, .decision]

    func append(_ entries: [JournalEntry]) throws {
        var entries = fault == .reversesEntries ? entries.reversed() : entries
        if fault == .ignoresRemovals { entries.removeAll { $0.kind == .remove } }
        if fault == .ignoresDecisions { entries.removeAll { $0.kind == .decision } }
        if fault == .ignoresOutputs {
            entries = entries.map { entry in
                entry.state.map { .state(task: entry.name, $0, attempt: entry.attempt) } ?? entry
            }
        }
        if fault == .refusesUnknownEntries, entries.contains(where: { !Self.known.contains($0.kind) }) {
            throw NoCheckpointAvailableError(name)
        }
        if fault == .cutsLargeBatches { entries = Array(entries.prefix(1_000)) }
        own.withLock { own in
            for entry in entries { own.size += entry.value?.rawValue.utf8.count ?? 0 }
            if fault == .buffersEntries {
                own.pending += entries
                entries = Array(own.pending.dropLast(1))
                own.pending.removeFirst(entries.count)
            }
            for entry in entries { own.contents.apply(entry) }
        }
        storage.state.withLock { state in
            let target = fault == .mixesJournals ? state.lastJournal : name
            for entry in entries {
                state.appendCount += 1
                if fault == .forgetsEveryThousandth, state.appendCount % 1_000 == 0 { continue }
                if fault == .distinguishesSpellings, entry.kind == .remove,
                    let stored = state.jobs[target]?.sharedDict.keys.first(where: { $0 == entry.name }),
                    Array(stored.utf8) != Array(entry.name.utf8)
                {
                    continue
                }
                let outputs = state.jobs[target]?.outputs[entry.name]
                state.jobs[target]?.apply(entry)
                if fault == .keepsOutputs, entry.state != nil, entry.value == nil {
                    state.jobs[target]?.outputs[entry.name] = outputs
                }
            }
        }
    }

    func synchronize() throws {
        if fault == .synchronizeFails { throw NoCheckpointAvailableError(name) }
    }

    var isDueForCompaction: Bool {
        fault == .isAlwaysDue || own.withLock { $0.size } > 16 << 20
    }

    func close() throws {
        let contents: CheckpointContents? = own.withLock { own in
            guard !own.isClosed else { return nil }
            own.isClosed = true
            return own.contents
        }
        guard let contents else { return }
        storage.state.withLock { state in
            switch fault {
            case .closeDropsEntries: state.jobs[name] = CheckpointContents(name: name)
            case .closeBringsBack: state.jobs[name] = contents
            case .oldJournalRestoresItself where state.jobs[name] != nil: state.jobs[name] = contents
            default: break
            }
        }
    }
}
