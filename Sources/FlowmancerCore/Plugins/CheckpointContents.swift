/// The progress of a job, which `--restart` needs to continue it.
///
/// The states and the shared dictionary always belong to the same moment. Everything is plain data: reading a checkpoint
/// executes no code.
public struct CheckpointContents: Sendable, Hashable, Codable {
    /// The name of the job.
    public var name: String
    /// The id of the run that stored the contents; `nil` if an earlier version did, which had no ids.
    public var runID: RunID?
    /// The state of every task by name.
    public var states: [String: ExecutionState]
    /// The values of the shared dictionary by key, as JSON text.
    public var sharedDict: [String: JSONText]
    /// What was decided about tasks by name, as JSON text. A restart decides in the same way.
    public var decisions: [String: JSONText]
    /// What completed tasks published, by their names: a JSON object with the values by name. Tasks that published nothing
    /// are not in it.
    public var outputs: [String: JSONText]
    /// A digest of the definition of every task by name. A restart uses it to detect changed tasks.
    public var fingerprints: [String: String]
    /// The absolute path of the job file, or `nil` if the job was built in code or read from standard input. A
    /// restart uses it to detect another job of the same name.
    public var jobFile: String?

    /// Creates contents.
    public init(
        name: String,
        runID: RunID? = nil,
        states: [String: ExecutionState] = [:],
        sharedDict: [String: JSONText] = [:],
        decisions: [String: JSONText] = [:],
        outputs: [String: JSONText] = [:],
        fingerprints: [String: String] = [:],
        jobFile: String? = nil
    ) {
        self.name = name
        self.runID = runID
        self.states = states
        self.sharedDict = sharedDict
        self.decisions = decisions
        self.outputs = outputs
        self.fingerprints = fingerprints
        self.jobFile = jobFile
    }

    /// Decodes contents, also those that an earlier version stored.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try container.decode(String.self, forKey: .name),
            runID: try container.decodeIfPresent(RunID.self, forKey: .runID),
            states: try container.decode([String: ExecutionState].self, forKey: .states),
            sharedDict: try container.decode([String: JSONText].self, forKey: .sharedDict),
            decisions: try container.decodeIfPresent([String: JSONText].self, forKey: .decisions) ?? [:],
            outputs: try container.decodeIfPresent([String: JSONText].self, forKey: .outputs) ?? [:],
            fingerprints: try container.decode([String: String].self, forKey: .fingerprints),
            jobFile: try container.decodeIfPresent(String.self, forKey: .jobFile)
        )
    }

    /// Applies an entry of a journal. An entry of a kind that this version does not know changes nothing.
    public mutating func apply(_ entry: JournalEntry) {
        switch entry.kind {
        case .state:
            states[entry.name] = entry.state
            // What a task published belongs to its state: it goes when the task runs again.
            if entry.value != nil || !outputs.isEmpty { outputs[entry.name] = entry.value }
        case .set, .remove: sharedDict[entry.name] = entry.value
        case .decision: decisions[entry.name] = entry.value
        default: break
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
