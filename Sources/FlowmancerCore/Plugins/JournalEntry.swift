/// One step of a run's progress.
///
/// An entry is created with ``state(task:_:attempt:outputs:)``, ``set(key:_:)``, ``remove(key:)`` or
/// ``decision(task:_:)``. What it does to a checkpoint is ``CheckpointContents/apply(_:)``.
///
/// New versions may add kinds. A journal that stores entries by their `Codable` form, and replays them with `apply`, need
/// not know any.
public struct JournalEntry: Sendable, Hashable, Codable {
    /// What kind of step it is.
    public struct Kind: RawRepresentable, Sendable, Hashable, Codable {
        /// The name of the kind, such as `state`.
        public let rawValue: String

        /// Creates a kind from its name, which this version need not know.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// A task entered a state.
        public static var state: Self { Self(rawValue: "state") }
        /// A value of the shared dictionary was set.
        public static var set: Self { Self(rawValue: "set") }
        /// A value of the shared dictionary was removed.
        public static var remove: Self { Self(rawValue: "remove") }
        /// Something was decided about a task, which a restart has to decide in the same way.
        public static var decision: Self { Self(rawValue: "decision") }
    }

    /// What kind of step it is.
    public let kind: Kind
    /// The name of the task, or the key of the shared value, that the step is about.
    public let name: String
    /// The state that a task entered; `nil` for other steps.
    public let state: ExecutionState?
    /// The number of a task's attempt; 0 before the first one, and for other steps. You need not store it:
    /// ``CheckpointContents`` don't contain it.
    public let attempt: Int
    /// The value that was set, what was decided, or what a task published that completed (a JSON object); `nil` for other
    /// steps.
    public let value: JSONText?

    /// Creates an entry of any kind.
    package init(_ kind: Kind, _ name: String, state: ExecutionState? = nil, attempt: Int = 0, value: JSONText? = nil) {
        self.kind = kind
        self.name = name
        self.state = state
        self.attempt = attempt
        self.value = value
    }

    /// A task entered a state; the number of the attempt is 0 before the first one.
    ///
    /// - Parameter outputs: What the task published, a JSON object with the values by name, if it completed and published
    ///   anything. A task that enters any state without outputs has none from then on.
    public static func state(
        task: String,
        _ state: ExecutionState,
        attempt: Int,
        outputs: JSONText? = nil
    ) -> Self {
        Self(.state, task, state: state, attempt: attempt, value: outputs)
    }

    /// A value of the shared dictionary was set.
    public static func set(key: String, _ value: JSONText) -> Self { Self(.set, key, value: value) }

    /// A value of the shared dictionary was removed.
    public static func remove(key: String) -> Self { Self(.remove, key) }

    /// Something was decided about a task, which a restart has to decide in the same way.
    public static func decision(task: String, _ decision: JSONText) -> Self { Self(.decision, task, value: decision) }
}
