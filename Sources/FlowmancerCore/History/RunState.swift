/// Where a kept run stands.
///
/// New versions may add states, so give a `switch` over them a default.
public struct RunState: RawRepresentable, Sendable, Hashable, Codable, CustomStringConvertible {
    /// The name of the state, such as `succeeded`.
    public let rawValue: String

    /// Creates a state from its name, which this version need not know.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The run has not ended, and its process is alive.
    public static var underWay: Self { Self(rawValue: "under_way") }
    /// Every task completed, was skipped, or failed as it may.
    public static var succeeded: Self { Self(rawValue: "succeeded") }
    /// A task failed or was not run, or the run could not go on.
    public static var failed: Self { Self(rawValue: "failed") }
    /// The run was aborted.
    public static var aborted: Self { Self(rawValue: "aborted") }
    /// The run has no end on record, and its process is gone.
    public static var interrupted: Self { Self(rawValue: "interrupted") }
    /// The run has no end on record, and it cannot be found out here whether its process is alive.
    public static var unknown: Self { Self(rawValue: "unknown") }

    /// The states of this version.
    package static let all: [Self] = [.underWay, .succeeded, .failed, .aborted, .interrupted, .unknown]

    /// The state in words.
    public var description: String { self == .underWay ? "under way" : rawValue }
}

/// Whether the process of a run is alive.
public enum ProcessLife: Sendable, Hashable {
    case alive
    case gone
    /// It ran on another machine, for instance.
    case notKnown
}
