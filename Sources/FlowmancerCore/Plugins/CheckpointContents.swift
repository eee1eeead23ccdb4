/// The progress of a job, which `--restart` needs to continue it.
///
/// The states and the shared dictionary always belong to the same moment. Everything is plain data: reading a checkpoint
/// executes no code.
public struct CheckpointContents: Sendable, Hashable, Codable {
    /// The name of the job.
    public var name: String
    /// The state of every task by name.
    public var states: [String: ExecutionState]
    /// The values of the shared dictionary by key, as JSON text.
    public var sharedDict: [String: JSONText]
    /// A digest of the definition of every task by name. A restart uses it to detect changed tasks.
    public var fingerprints: [String: String]
    /// The absolute path of the job file, or `nil` if the job was built in code or read from standard input. A
    /// restart uses it to detect another job of the same name.
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

    /// Applies an entry of a journal.
    public mutating func apply(_ entry: JournalEntry) {
        switch entry {
        case .state(let task, let state, attempt: _): states[task] = state
        case .set(let key, let value): sharedDict[key] = value
        case .remove(let key): sharedDict[key] = nil
        }
    }
}

/// JSON as text, exactly as it was written: numbers keep all their digits.
public struct JSONText: Sendable, Hashable, Codable, RawRepresentable {
    /// The JSON.
    public var rawValue: String

    /// Creates a value from text that is JSON.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}
