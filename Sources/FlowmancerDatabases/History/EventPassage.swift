package import FlowmancerCore

/// The events that a reader has passed, and whether what comes next follows on them. A pure value.
package struct EventPassage: Sendable {
    /// What a database has of an event.
    package struct Row: Sendable {
        package let number: Int
        package let json: String
        /// Whether it is as it was written, as far as that can be seen.
        package let isIntact: Bool

        package init(number: Int, json: String, isIntact: Bool = true) {
            self.number = number
            self.json = json
            self.isIntact = isIntact
        }
    }

    private let place: String
    private let id: RunID
    /// The number of the last event that was handed out or passed over.
    package private(set) var last: Int
    private var problem: HistoryProblem?

    /// - Parameter number: The number of the event behind which to begin.
    package init(of id: RunID, at place: String, after number: Int) {
        self.place = place
        self.id = id
        last = number
    }

    /// Whether something was found that nothing can be read behind.
    package var isOver: Bool { problem != nil }

    /// Takes the rows that follow on the last event.
    package mutating func take(_ rows: some Sequence<Row>) -> RecordedEvents {
        var events: [RecordedEvent] = []
        if problem == nil {
            for row in rows {
                guard row.number == last + 1 else {
                    stop("does not have the events \(last + 1) to \(row.number - 1) of the run \(id)")
                    break
                }
                guard row.isIntact, let event = RecordedEvent(json: JSONText(rawValue: row.json)),
                    event.number == row.number
                else {
                    stop("is damaged in the event \(row.number) of the run \(id)")
                    break
                }
                last = row.number
                events.append(event)
            }
        }
        return RecordedEvents(events, problem: problem)
    }

    /// Notes that nothing more can be read, and returns that.
    package mutating func fail(_ words: String) -> RecordedEvents {
        stop(words)
        return RecordedEvents(problem: problem)
    }

    private mutating func stop(_ words: String) {
        problem = problem ?? HistoryProblem(place: place, reason: "\(words); what follows is not shown")
    }
}
