import Flowmancer
import Synchronization

/// A checkpointer in memory that can be wrong in many ways; each is one that real storage can have, too.
struct FaultyCheckpointer: FlowCheckpointer {
    enum Fault: CaseIterable {
        case missingIsEmpty, missingThrowsSomethingElse, emptyIsMissing
        case normalisesTexts, roundsNumbers, losesBlankNames, losesDecisions, losesOutputs, cutsLargeValues
        case mergesOnWrite, tearsWrites, clearDoesNothing, clearThrowsIfMissing
        case ignoresCaseOfJobs, losesOtherJobsWrites
        case locksTwice, locksAllJobsTogether, neverReleases, releasesForOthers, refusesWithAnotherError, hangsInLock
        case locksWithoutLooking, lockKeepsReadersOut
        case buffersEntries, reversesEntries, ignoresRemovals, ignoresDecisions, refusesUnknownEntries,
            distinguishesSpellings, cutsLargeBatches
        case ignoresOutputs, keepsOutputs
        case journalKeepsOldContents, oldJournalRestoresItself, isAlwaysDue, staysDue, closeDropsEntries
        case closeBringsBack, synchronizeFails, mixesJournals, forgetsEveryThousandth
    }

    /// What all instances share.
    final class Storage: Sendable {
        struct State {
            var jobs: [String: CheckpointContents] = [:]
            var locks: [String: Int] = [:]
            var lockCount = 0
            var lastJournal = ""
            var appendCount = 0
        }
        let state = Mutex(State())
    }

    private let fault: Fault?
    private let storage: Storage

    init() { self.init(nil, Storage()) }

    init(_ fault: Fault?, _ storage: Storage) {
        self.fault = fault
        self.storage = storage
    }

    private func key(_ name: String) -> String { fault == .ignoresCaseOfJobs ? name.lowercased() : name }

    // MARK: Storage

    func writeCheckpoint(_ contents: CheckpointContents, for name: String) async throws {
        let before = storage.state.withLock { $0.jobs }
        var contents = spoilt(contents)
        if fault == .tearsWrites {
            storage.state.withLock { $0.jobs[key(name)]?.states = contents.states }
            for _ in 0..<20 { await Task.yield() }
        }
        if fault == .losesOtherJobsWrites { for _ in 0..<20 { await Task.yield() } }
        storage.state.withLock { state in
            // A place for five.
            if fault == .losesOtherJobsWrites, before.count > 4 { state.jobs = [:] }
            if fault == .mergesOnWrite, let old = state.jobs[key(name)] {
                contents.states.merge(old.states) { new, _ in new }
            }
            state.jobs[key(name)] = contents
        }
    }

    func readCheckpoint(for name: String) async throws -> CheckpointContents {
        let (contents, isLocked) = storage.state.withLock { ($0.jobs[key(name)], $0.locks[name] != nil) }
        if fault == .lockKeepsReadersOut, isLocked { throw CheckpointLockedError(name: name, holder: "somebody") }
        guard var contents, fault != .emptyIsMissing || !contents.states.isEmpty || !contents.sharedDict.isEmpty else {
            if fault == .missingIsEmpty { return CheckpointContents(name: name) }
            if fault == .missingThrowsSomethingElse { throw CheckpointLockedError(name: name, holder: "nobody") }
            throw NoCheckpointAvailableError(name)
        }
        if fault == .ignoresCaseOfJobs { contents.name = name }
        return contents
    }

    func clearCheckpoint(for name: String) async throws {
        try storage.state.withLock { state in
            if fault == .clearDoesNothing { return }
            if state.jobs.removeValue(forKey: key(name)) == nil, fault == .clearThrowsIfMissing {
                throw NoCheckpointAvailableError(name)
            }
        }
    }

    private func spoilt(_ contents: CheckpointContents) -> CheckpointContents {
        var contents = contents
        switch fault {
        case .normalisesTexts:
            contents.sharedDict = contents.sharedDict.mapValues {
                JSONText(rawValue: $0.rawValue.replacing("e\u{301}", with: "\u{E9}"))
            }
        case .roundsNumbers:
            contents.sharedDict = contents.sharedDict.mapValues { value in
                Double(value.rawValue).map { JSONText(rawValue: "\($0)") } ?? value
            }
        case .losesBlankNames: contents.states[""] = nil
        case .losesDecisions: contents.decisions = [:]
        case .losesOutputs: contents.outputs = [:]
        case .cutsLargeValues:
            contents.sharedDict = contents.sharedDict.mapValues {
                JSONText(rawValue: String($0.rawValue.prefix(1 << 16)))
            }
        default: break
        }
        return contents
    }

    // MARK: Lock

    func acquireLock(for name: String) async throws -> (any CheckpointLock)? {
        let place = fault == .locksAllJobsTogether ? "" : name
        if fault == .locksWithoutLooking, storage.state.withLock({ $0.locks[place] == nil }) {
            for _ in 0..<50 { await Task.yield() }
            return take(place)
        }
        let isTaken = storage.state.withLock { state in
            if state.locks[place] == nil { state.locks[place] = 0 } else { return true }
            return false
        }
        if isTaken, fault != .locksTwice {
            if fault == .hangsInLock { try await Task.sleep(for: .seconds(3_600)) }
            if fault == .refusesWithAnotherError { throw NoCheckpointAvailableError(name) }
            throw CheckpointLockedError(name: name, holder: "somebody")
        }
        return take(place)
    }

    private func take(_ place: String) -> Lock {
        let number = storage.state.withLock { state in
            state.lockCount += 1
            state.locks[place] = state.lockCount
            return state.lockCount
        }
        return Lock(place: place, number: number, fault: fault, storage: storage)
    }

    private struct Lock: CheckpointLock {
        let place: String
        let number: Int
        let fault: Fault?
        let storage: Storage

        func release() {
            storage.state.withLock { state in
                guard fault != .neverReleases, state.locks[place] == number || fault == .releasesForOthers else {
                    return
                }
                state.locks[place] = nil
            }
        }
    }

    // MARK: Journal

    func openJournal(
        for name: String,
        startingFrom contents: CheckpointContents
    ) async throws -> (any CheckpointJournal)? {
        storage.state.withLock { state in
            state.lastJournal = name
            if fault == .journalKeepsOldContents, let old = state.jobs[key(name)] {
                var merged = contents
                merged.states.merge(old.states) { new, _ in new }
                state.jobs[key(name)] = merged
            } else {
                state.jobs[key(name)] = contents
            }
        }
        return FaultyJournal(name: key(name), fault: fault, storage: storage, contents: contents)
    }
}
