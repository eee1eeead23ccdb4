package import FlowmancerCore

/// A run as a history in a database has it: the texts of a row.
package struct StoredRun: Sendable {
    /// The id, as it is in its column.
    package let id: String
    /// The JSON of the record.
    package let record: String
    /// The JSON of the event with its end; `nil` if that is not on record.
    package let conclusion: String?
    /// Whether it is on record that the process is gone.
    package let isInterrupted: Bool
    /// Whether the row is as it was written, as far as that can be seen.
    package let isIntact: Bool

    package init(id: String, record: String, conclusion: String?, isInterrupted: Bool, isIntact: Bool = true) {
        self.id = id
        self.record = record
        self.conclusion = conclusion
        self.isInterrupted = isInterrupted
        self.isIntact = isIntact
    }

    /// Returns what is known of the run; `nil` if the row is damaged, so that nothing in it can be trusted.
    ///
    /// - Parameter life: Says whether the process of a run without an end is alive.
    package func run(life: (RunRecord) throws -> ProcessLife) rethrows -> KeptRun? {
        guard isIntact, let record = RunRecord(json: JSONText(rawValue: record)), record.id.description == id else {
            return nil
        }
        if let conclusion {
            guard let end = RecordedEvent(json: JSONText(rawValue: conclusion)), end.conclusion != nil else {
                return nil
            }
            return KeptRun(record, end: end, life: .gone)
        }
        return KeptRun(record, life: isInterrupted ? .gone : try life(record))
    }

    /// Says that the row is damaged.
    package func damage(at place: String) -> HistoryProblem {
        HistoryProblem(place: place, reason: "has a damaged entry of the run \(id), so nothing in it can be trusted")
    }
}
