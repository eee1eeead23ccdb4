public import FlowmancerCore

/// An error that says why a checkpoint file cannot be used.
public struct CheckpointDamagedError: Error, Sendable, CustomStringConvertible {
    /// What is wrong.
    public struct Code: Sendable, Hashable {
        private enum Value: Hashable { case empty, foreign, futureVersion, otherJob, damaged }
        private let value: Value

        /// The file is empty.
        public static let empty = Code(value: .empty)
        /// The file is not a checkpoint.
        public static let foreign = Code(value: .foreign)
        /// A newer Flowmancer wrote the file.
        public static let futureVersion = Code(value: .futureVersion)
        /// The checkpoint belongs to a job of another name.
        public static let otherJob = Code(value: .otherJob)
        /// A line of the file is damaged.
        public static let damaged = Code(value: .damaged)
    }

    /// The facts that the message is made of.
    enum Problem: Sendable {
        case empty, foreign, header, record
        case version(Int)
        case otherJob(String)
    }

    /// The path of the file.
    public let path: String
    /// The number of the damaged line, from 1; 0 if the file has no lines.
    public let line: Int
    /// The contents up to the damaged line; `nil` if the first line is damaged.
    public let intactContents: CheckpointContents?
    private let problem: Problem

    init(_ problem: Problem, path: String, line: Int, intactContents: CheckpointContents? = nil) {
        self.problem = problem
        self.path = path
        self.line = line
        self.intactContents = intactContents
    }

    /// What is wrong.
    public var code: Code {
        switch problem {
        case .empty: .empty
        case .foreign: .foreign
        case .version: .futureVersion
        case .otherJob: .otherJob
        case .header, .record: .damaged
        }
    }

    /// The error message: the file, what is wrong, and what to do.
    public var description: String {
        "the checkpoint '\(path)' cannot be used: \(explanation); \(advice)"
    }

    private var explanation: String {
        switch problem {
        case .empty: return "it is empty"
        case .foreign: return "it is not a checkpoint file"
        case .version(let version):
            return "it has format version \(version), but this Flowmancer supports version "
                + "\(CheckpointEncoder.version)"
        case .otherJob(let name): return "it belongs to the job '\(name)'"
        case .header: return "its first line is damaged, so nothing in it can be trusted"
        case .record:
            let records = line - 2
            let intact =
                switch records {
                case 0: "only the start of the run before it is intact"
                case 1: "the first record before it is intact"
                default: "the first \(records) records before it are intact"
                }
            return "line \(line) does not match its checksum (\(intact); completed by then: \(completed))"
        }
    }

    /// The tasks that are known to have completed.
    private var completed: String {
        let tasks = (intactContents?.states ?? [:]).filter { $0.value == .completed }.map(\.key).sorted()
        let shown = tasks.prefix(20).joined(separator: ", ")
        if tasks.isEmpty { return "no task" }
        return tasks.count > 20 ? "\(shown), … (\(tasks.count) tasks)" : shown
    }

    private var advice: String {
        if case .version = problem { return "upgrade Flowmancer, or run with --discard-checkpoint" }
        return "delete the file, or run with --discard-checkpoint"
    }
}
