import Flowmancer
import FlowmancerCore
import FlowmancerSystem

/// The runs that are shown. Those that were looked at lately stay open.
actor RunLibrary {
    nonisolated let histories: Histories
    /// The engine whose run is the only one that is shown, if it is only one.
    nonisolated let only: EngineProcess?
    private var runs: [RunID: Entry] = [:]
    private var sweeper: Task<Void, Never>?

    private struct Entry {
        /// One that is just being opened is opened once, too.
        var run: Task<LiveRun, any Error>
        var lastUse: ContinuousClock.Instant
    }

    /// How long a run stays open that nobody asks for, and how many do.
    private static let keeping = Duration.seconds(60)
    private static let mostOpen = 16

    init(_ histories: Histories, only: EngineProcess?) {
        self.histories = histories
        self.only = only
    }

    /// Returns runs, the newest first.
    func list(_ query: RunQuery) async throws -> RunPage {
        guard let only else { return try await histories.runs(query) }
        guard let run = await only.run() else { return RunPage() }
        var query = query
        query.idPart = run.description
        return try await histories.runs(query)
    }

    /// Returns a run.
    ///
    /// - Throws: ``Problem`` if there is none of this id, or it cannot be read.
    func run(_ id: RunID) async throws -> LiveRun {
        if let only, await only.run() != id { throw Self.missing(id) }
        let task: Task<LiveRun, any Error>
        if let entry = runs[id] {
            task = entry.run
        } else {
            let histories = histories
            task = Task {
                guard let reader = try await histories.openRun(id, after: 0) else { throw Self.missing(id) }
                return try await LiveRun(OpenRun(reader.run(), reader), in: histories)
            }
        }
        runs[id] = Entry(run: task, lastUse: .now)
        sweepLater()
        do {
            return try await task.value
        } catch {
            runs[id] = nil
            throw error
        }
    }

    private static func missing(_ id: RunID) -> Problem {
        Problem(.notFound, "the history has no run \(id): it was removed, or is kept elsewhere")
    }

    // MARK: Closing

    private func sweepLater() {
        guard sweeper == nil else { return }
        sweeper = Task {
            while await sweep() { try? await Task.sleep(for: Self.keeping / 4) }
        }
    }

    /// Closes runs that nobody looks at.
    ///
    /// - Returns: Whether there are others.
    private func sweep() async -> Bool {
        var idle: [(id: RunID, lastUse: ContinuousClock.Instant)] = []
        for (id, entry) in runs {
            guard let run = try? await entry.run.value else { continue }
            if await !run.isFollowed { idle.append((id, entry.lastUse)) }
        }
        idle.sort { $0.lastUse < $1.lastUse }
        let tooMany = max(0, runs.count - Self.mostOpen)
        var hasClosed = false
        for (place, run) in idle.enumerated() where place < tooMany || run.lastUse + Self.keeping < .now {
            // Unless it was asked for meanwhile.
            guard runs[run.id]?.lastUse == run.lastUse else { continue }
            runs[run.id] = nil
            hasClosed = true
        }
        // What large runs needed goes back to the system.
        if hasClosed { FreeMemory.release() }
        if runs.isEmpty { sweeper = nil }
        return !runs.isEmpty
    }
}
