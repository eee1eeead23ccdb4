import FlowmancerEngine

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
    /// - Parameter each: Is given each event, and the run after it.
    package mutating func update(_ each: (RecordedEvent, RunDigest) -> Void = { _, _ in }) async throws {
        let now = try await latest()
        while case let portion = try await nextPortion(), take(portion, each: each) {}
        settle(now)
    }

    // MARK: Step by step

    /// Asks where the run stands. Do it before you ask for events: those before its end are on record before the end.
    package func latest() async throws -> KeptRun { try await reader.run() }

    /// Asks for events that were not taken in yet.
    package func nextPortion() async throws -> RecordedEvents { try await reader.next(atMost: Self.portion) }

    /// Takes in events.
    ///
    /// - Parameter each: Is given each event, and the run after it.
    /// - Returns: Whether there may be more.
    @discardableResult
    package mutating func take(
        _ portion: RecordedEvents,
        each: (RecordedEvent, RunDigest) -> Void = { _, _ in }
    ) -> Bool {
        for event in portion.events {
            digest.apply(event)
            each(event, digest)
        }
        if let problem = portion.problem, !problems.contains(problem) { problems.append(problem) }
        // Who waits for none at all would never see the present of a run in which much happens.
        return portion.problem == nil && portion.events.count >= Self.portion
    }

    /// Notes where the run stands, once all events before were taken in.
    package mutating func settle(_ run: KeptRun) { self.run = run }
}
