public import struct FoundationEssentials.Date

/// A run of a history: how it began and, as far as that is on record, how it ended.
public struct KeptRun: Sendable, Hashable {
    /// How it began.
    public var record: RunRecord
    /// The event with its end; `nil` if that is not on record.
    public var end: RecordedEvent?
    /// Whether its process is alive; it only counts without an end.
    public var life: ProcessLife

    /// Creates a description.
    public init(_ record: RunRecord, end: RecordedEvent? = nil, life: ProcessLife) {
        self.record = record
        self.end = end
        self.life = life
    }

    /// Where the run stands.
    public var state: RunState {
        if let conclusion = end?.conclusion { return conclusion.state }
        return switch life {
        case .alive: .underWay
        case .gone: .interrupted
        case .notKnown: .unknown
        }
    }

    /// Whether the run is certainly over, so that it may be removed.
    package var isOver: Bool { state != .underWay && state != .unknown }

    /// When it ended, if that is known.
    public var endedAt: Date? { end?.time }
}

/// Something of a history that cannot be relied on, and was passed over.
public struct HistoryProblem: Sendable, Hashable, CustomStringConvertible {
    /// Where it is: the path of a file, for instance.
    public var place: String
    /// What is wrong with it, in words that follow on the place: "is damaged from line 7 on".
    public var reason: String

    /// Creates a problem.
    public init(place: String, reason: String) {
        self.place = place
        self.reason = reason
    }

    /// The problem in words.
    public var description: String { "\(place.printable) \(reason.printable)" }
}
