/// The progress of a job: what `--restart` needs to continue it.
///
/// States and shared dictionary are always of the same moment. Everything in it is plain data: reading a checkpoint
/// executes nothing.
public struct CheckpointContents: Sendable, Hashable, Codable {
    /// The name of the job.
    public var name: String
    /// The state of every task by name.
    public var states: [String: ExecutionState]
    /// The shared dictionary: the JSON text of every value by key.
    public var sharedDict: [String: JSONText]
    /// A digest of every task's definition by name, by which a restart notices a changed task.
    public var fingerprints: [String: String]
    /// The absolute path of the job file, by which a restart notices that another job has the same name; `nil` for a job
    /// that was built in code or read from standard input.
    public var jobFile: String?

    /// Creates contents.
    public init(
        name: String,
        states: [String: ExecutionState] = [:],
        sharedDict: [String: JSONText] = [:],
        fingerprints: [String: String] = [:],
        jobFile: String? = nil
    ) {
        self.name = name
        self.states = states
        self.sharedDict = sharedDict
        self.fingerprints = fingerprints
        self.jobFile = jobFile
    }

    /// Takes over what a journal recorded.
    public mutating func apply(_ entry: JournalEntry) {
        switch entry {
        case .state(let task, let state, attempt: _): states[task] = state
        case .set(let key, let value): sharedDict[key] = value
        case .remove(let key): sharedDict[key] = nil
        }
    }
}

/// JSON as text, kept as it was written: no number loses digits on the way.
public struct JSONText: Sendable, Hashable, Codable, RawRepresentable {
    /// The JSON.
    public var rawValue: String

    /// Creates a value from text that is JSON.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}
