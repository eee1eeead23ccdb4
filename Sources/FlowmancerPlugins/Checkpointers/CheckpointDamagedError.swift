public import FlowmancerCore

/// Says that a stored checkpoint is not what was written.
public struct CheckpointDamagedError: Error, Sendable, CustomStringConvertible {
    /// What is wrong.
    public struct Code: Sendable, Hashable {
        private enum Value: Hashable { case empty, foreign, futureVersion, otherJob, damaged }
        private let value: Value

        /// The file is empty.
        public static let empty = Code(value: .empty)
        /// The file is something other than a checkpoint.
        public static let foreign = Code(value: .foreign)
        /// The file was written by a newer Flowmancer.
        public static let futureVersion = Code(value: .futureVersion)
        /// The file is the checkpoint of a job of another name.
        public static let otherJob = Code(value: .otherJob)
        /// A line of the file is not as it was written.
        public static let damaged = Code(value: .damaged)
    }

    /// The facts that the message is made of.
    enum Problem: Sendable {
        case empty, foreign, header, record
        case version(Int)
        case otherJob(String)
    }

    /// The file.
    public let path: String
    /// The number of the line that is not as it should be, from 1; 0 if the file has no lines.
    public let line: Int
    /// What the lines before that one say; `nil` if the first line is unreadable.
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

    /// The damage in words, with the file and what can be done.
    public var description: String {
        "the checkpoint '\(path)' cannot be used: \(explanation); \(advice)"
    }

    private var explanation: String {
        switch problem {
        case .empty: return "it is empty"
        case .foreign: return "it is not a checkpoint of Flowmancer"
        case .version(let version):
            return "it has version \(version) of the format, and this Flowmancer knows version "
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
        if case .version = problem { return "use the newer Flowmancer, or run with --discard-checkpoint" }
        return "delete the file, or run with --discard-checkpoint"
    }
}
