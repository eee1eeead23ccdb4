/// Why a task of a past run cannot be run again.
package struct RetryError: Error, Hashable, CustomStringConvertible {
    enum Reason: Hashable {
        case unknownTask(String?)
        case group([String])
        case noDefinition
        /// The present job does not have the task, whose name in the job this is.
        case goneTask(String)
        case goneItem
        case items(of: String, String)
        /// A parameter whose value was masked.
        case secret(ParameterPath)
        case value(String)
        case maskedValue(String)
        case sharedDict(String)
    }

    private let task: String
    private let reason: Reason

    init(_ task: String, _ reason: Reason) {
        self.task = task
        self.reason = reason
    }

    package var description: String {
        let name = "'\(task.printable)'"
        switch reason {
        case .unknownTask(let nearest):
            return "the run has no task \(name)" + (nearest.map { "; did you mean '\($0.printable)'?" } ?? "")
        case .group(let members):
            let hint = members.isEmpty ? "it has no members" : "name one of \(members.listed(atMost: 5))"
            return "\(name) is a group, and one task is retried at a time: \(hint)"
        case .noDefinition:
            return "\(name) cannot be retried: the run does not tell what it is"
        case .goneTask(let definition):
            return "\(name) cannot be retried: the job file has no task '\(definition.printable)' any more; "
                + "name the one with which the run began with -j"
        case .goneItem:
            return "\(name) cannot be retried: with the present job file, its group has no such item any more"
        case .items(let group, let reason):
            return "\(name) cannot be retried: the items of '\(group.printable)' cannot be found out: \(reason)"
        case .secret(let path):
            return "\(name) cannot be retried: '\(path)' holds a secret, which is not on record, "
                + "and the present job file has no such value"
        case .value(let reason):
            return "\(name) cannot be retried with what is on record: \(reason)"
        case .maskedValue(let label):
            return "\(name) cannot be retried: \(label) holds a secret, which is not on record"
        case .sharedDict(let label):
            return "\(name) cannot be retried: \(label) is not on record; "
                + "the shared dictionary of a run is known only as long as its checkpoint is there"
        }
    }
}
