package import FlowmancerCore
package import struct FoundationEssentials.Date

/// A history of runs that were made up.
package struct PastRuns: FlowHistory {
    package struct Damaged: Error {}

    /// A run that was made up.
    package struct Run {
        package var record: RunRecord
        var events: [RecordedEvent]
        var state: RunState
        /// It cannot be opened.
        var isDamaged = false
    }

    /// The newest one last.
    package private(set) var runs: [Run] = []
    package private(set) var now = Date(timeIntervalSince1970: 1_764_547_200)

    package init() {}

    /// Adds a run of changes, each so many seconds after the beginning.
    package mutating func add(
        _ changes: [(second: Double, change: StateChange)],
        state: RunState = .succeeded,
        isRestart: Bool = false,
        isDamaged: Bool = false
    ) {
        let record = RunRecord(
            id: RunID(milliseconds: UInt64(now.timeIntervalSince1970 * 1_000), random: (1, 2), after: .unknown),
            jobName: "job",
            startedAt: now,
            isRestart: isRestart
        )
        let events = changes.enumerated().map { number, change in
            RecordedEvent(number: number + 1, time: now.addingTimeInterval(change.second), change.change)
        }
        runs.append(Run(record: record, events: events, state: state, isDamaged: isDamaged))
        now = now.addingTimeInterval(3_600)
    }

    /// Adds a run in which tasks complete, one after the other.
    package mutating func add(_ seconds: [String: Double], isRestart: Bool = false) {
        var time = 0.0
        let spans = seconds.sorted { $0.key < $1.key }.map { task, seconds in
            defer { time += seconds }
            return (task, time..<time + seconds)
        }
        add(spans, isRestart: isRestart)
    }

    /// Adds a run in which tasks complete, each within a span of time.
    package mutating func add(_ spans: [(task: String, time: Range<Double>)], isRestart: Bool = false) {
        let changes = spans.flatMap { task, time in
            [
                (time.lowerBound, 1, StateChange(task: task, attempt: 1, from: .pending, to: .running)),
                (time.upperBound, 0, StateChange(task: task, attempt: 1, from: .running, to: .completed)),
            ]
        }
        // What ends makes room for what begins.
        add(changes.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map { ($0.0, $0.2) }, isRestart: isRestart)
    }

    package var durations: TaskDurations {
        get async throws { try await TaskDurations.read(of: "job", from: self) }
    }

    // MARK: A history

    package func beginRun(_ run: RunRecord, _ shape: RunShape) -> (any RunRecorder)? { nil }

    package func runs(_ query: RunQuery) -> RunPage {
        let kept = runs.reversed().map { run in
            let conclusion = RecordedEvent(number: 1_000_000, time: now, RunConclusion(state: run.state))
            return KeptRun(run.record, end: run.state == .underWay ? nil : conclusion, life: .alive)
        }
        return RunPage(runs: Array(kept.filter(query.admits).prefix(query.limit)))
    }

    package func openRun(_ id: RunID, after number: Int) throws -> (any RunReader)? {
        guard let run = runs.first(where: { $0.record.id == id }) else { return nil }
        if run.isDamaged { throw Damaged() }
        return Reader(events: run.events)
    }

    package func removeRun(_ id: RunID) {}

    private actor Reader: RunReader {
        private var events: ArraySlice<RecordedEvent>

        init(events: [RecordedEvent]) {
            self.events = events[...]
        }

        func run() throws -> KeptRun { throw Damaged() }
        func shape() -> RunShape? { nil }

        func next(atMost limit: Int) -> RecordedEvents {
            defer { events = events.dropFirst(limit) }
            return RecordedEvents(Array(events.prefix(limit)))
        }
    }
}
