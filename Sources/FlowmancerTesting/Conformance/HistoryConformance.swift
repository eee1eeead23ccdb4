public import Flowmancer
import FlowmancerSystem
import FoundationEssentials

/// Checks whether a history keeps what it is given, and never tells anything else.
///
/// ```swift
/// @Test func myHistoryKeepsItsPromises() async throws {
///     let directory = try temporaryDirectory()
///     try await HistoryConformance { count in
///         try configured(MyHistory.self, ["directory": .string(directory), "keep_runs": .int(count)])
///     }.check()
/// }
/// ```
/// The suite creates several instances, which must share one storage. It only uses job names that begin with
/// `conformance`, and removes their runs.
///
/// The suite cannot check what happens after `kill -9` or on a full disk. Test yourself that the run is interrupted then, and
/// that what was recorded before is found.
public struct HistoryConformance<History: FlowHistory>: Sendable {
    /// The time limit for the check of one rule.
    public var timeLimit: Duration = .seconds(600)

    let make: @Sendable (_ keptRuns: Int) async throws -> History

    /// Creates a suite.
    ///
    /// - Parameter make: Makes a new instance on the storage that all instances share. It keeps so many runs of each job.
    public init(_ make: @escaping @Sendable (_ keptRuns: Int) async throws -> History) {
        self.make = make
    }

    /// Checks all rules.
    ///
    /// - Returns: Which rules hold, and which do not apply.
    /// - Throws: ``ConformanceError`` with every rule that is broken.
    @discardableResult
    public func check() async throws -> ConformanceReport {
        try await ConformanceRule.check(
            recordingRules + readingRules + listingRules + removalRules,
            of: History.self,
            within: timeLimit
        )
    }

    // MARK: What the rules are made of

    /// Instances that keep all runs of a rule.
    func instance() async throws -> History { try await make(1_000) }

    /// Begins a run of this process.
    func begin(
        _ job: String,
        keeping count: Int = 1_000,
        _ change: (inout RunRecord) -> Void = { _ in },
        shape: RunShape = RunSamples.shape
    ) async throws -> (record: RunRecord, recorder: any RunRecorder) {
        var record = RunSamples.record(of: job)
        change(&record)
        guard let recorder = try await make(count).beginRun(record, shape) else { throw ConformanceRule.Inapplicable() }
        return (record, recorder)
    }

    /// Ends a run whose last event had this number.
    func end(
        _ record: RunRecord,
        _ recorder: any RunRecorder,
        after number: Int,
        as state: RunState = .succeeded
    ) async throws {
        let end = RecordedEvent(number: number + 1, time: record.startedAt, RunConclusion(state: state))
        try await recorder.append([end])
        try await recorder.close()
    }

    /// Stores a run that has ended.
    @discardableResult
    func store(
        _ job: String,
        keeping count: Int = 1_000,
        as state: RunState = .succeeded,
        _ change: (inout RunRecord) -> Void = { _ in }
    ) async throws -> RunRecord {
        let (record, recorder) = try await begin(job, keeping: count, change)
        try await end(record, recorder, after: 0, as: state)
        return record
    }

    /// Returns all runs of a job, the newest first.
    func runs(of job: String) async throws -> [KeptRun] {
        var query = RunQuery(limit: 10_000)
        query.job = job
        let page = try await instance().runs(query)
        try ConformanceRule.require(page.problems.isEmpty, "problems are reported: \(page.problems)")
        return page.runs
    }

    func run(_ record: RunRecord) async throws -> KeptRun {
        guard let run = try await runs(of: record.jobName).first(where: { $0.record.id == record.id }) else {
            throw ConformanceRule.Finding("the run is not found")
        }
        return run
    }

    func reader(of record: RunRecord, after number: Int = 0) async throws -> any RunReader {
        guard let reader = try await instance().openRun(record.id, after: number) else {
            throw ConformanceRule.Finding("the run cannot be opened")
        }
        return reader
    }

    /// Reads everything that is stored.
    func events(_ reader: any RunReader) async throws -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        while true {
            let found = try await reader.next(atMost: 100)
            if let problem = found.problem { throw ConformanceRule.Finding("a problem is reported: \(problem)") }
            if found.events.isEmpty { return events }
            events += found.events
        }
    }

    /// Removes the runs of a rule, which have ended.
    func clear(_ jobs: String...) async throws {
        for job in jobs {
            for run in try await runs(of: job) { try await instance().removeRun(run.record.id) }
        }
    }
}
