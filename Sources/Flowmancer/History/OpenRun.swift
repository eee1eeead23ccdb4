package import FlowmancerEngine

/// A kept run that is being looked at, with what happened in it until now.
package struct OpenRun: Sendable {
    package private(set) var run: KeptRun
    package private(set) var digest: RunDigest
    /// Why not all of it can be shown.
    package private(set) var problems: [HistoryProblem] = []
    private let reader: any RunReader

    /// How many events are taken in at once.
    private static let portion = 10_000

    /// Opens a run, with what has happened in it until now.
    package init(_ run: KeptRun, _ reader: any RunReader) async throws {
        try await self.init(beginningOf: run, reader)
        try await update()
    }

    /// Opens a run as it began. The first update takes in everything that has happened.
    package init(beginningOf run: KeptRun, _ reader: any RunReader) async throws {
        self.run = run
        self.reader = reader
        let shape = try await reader.shape()
        digest = RunDigest(shape ?? RunShape())
        if shape == nil {
            let reason = "does not tell which tasks the job has; those that did nothing are not shown"
            problems.append(HistoryProblem(place: "the run \(run.record.id)", reason: reason))
        }
    }

    /// Takes in what has happened since.
    ///
    /// - Parameter note: Called for each event.
    package mutating func update(_ note: (RecordedEvent) -> Void = { _ in }) async throws {
        // Asked first: what happens before the end of a run is on record before the end.
        run = try await reader.run()
        while true {
            let found = try await reader.next(atMost: Self.portion)
            for event in found.events {
                digest.apply(event)
                note(event)
            }
            if let problem = found.problem {
                if !problems.contains(problem) { problems.append(problem) }
                return
            }
            if found.events.isEmpty { return }
        }
    }
}
