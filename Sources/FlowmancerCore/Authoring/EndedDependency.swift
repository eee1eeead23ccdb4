/// How a task ended that another one depends on: ``TaskMetadata/dependencies``.
public struct EndedDependency: Sendable, Hashable, Codable {
    /// The name of the task.
    public var name: String
    /// Its final state.
    public var state: ExecutionState
    /// Why it did not complete, in words, without the secrets of the job. `nil` if it completed, or if the reason is not
    /// known.
    public var reason: String?
    /// The absolute path of its log. `nil` if it did not run in this run, or if no logger writes a file for it.
    public var log: String?

    /// Creates a description. You need this to test tasks.
    public init(name: String, state: ExecutionState, reason: String? = nil, log: String? = nil) {
        self.name = name
        self.state = state
        self.reason = reason
        self.log = log
    }
}

extension EndedDependency {
    /// The environment variable with the path of the file that tells a command of its dependencies.
    package static let environmentVariable = "FLOWMANCER_DEPENDENCIES"

    /// Returns the contents of that file: a JSON array with an object for each dependency. All keys are always there.
    package static func json(_ dependencies: [EndedDependency]) -> [UInt8] {
        var bytes = Array("[".utf8)
        for (number, dependency) in dependencies.enumerated() {
            let members: [(key: String, text: String?)] = [
                ("name", dependency.name), ("state", dependency.state.description), ("reason", dependency.reason),
                ("log", dependency.log),
            ]
            bytes += Array((number == 0 ? "\n{" : ",\n{").utf8)
            for (position, member) in members.enumerated() {
                bytes += Array("\(position == 0 ? "" : ", ")\"\(member.key)\": ".utf8)
                if let text = member.text { JSONString.append(text, to: &bytes) } else { bytes += Array("null".utf8) }
            }
            bytes.append(UInt8(ascii: "}"))
        }
        bytes += Array("\n]\n".utf8)
        return bytes
    }
}
