/// A task that is one command. The engine runs it without a worker of the program: it asks an instance with the parameters
/// for the command, has that run, and asks what its end means. The other methods of the task are not called.
package protocol CommandTask: FlowTask, CommandWork {}

/// A command, and what its end means.
package protocol CommandWork: Sendable {
    /// What is to be run. Nothing has been looked up, also not in the file system.
    var request: CommandRequest { get }

    /// Says what the end of the command means for the attempt.
    ///
    /// - Throws: Why the attempt failed.
    func judge(_ end: CommandOutcome) throws -> CommandSuccess
}

/// A command, as the parameters of a task describe it.
package struct CommandRequest: Sendable, Hashable {
    /// The name or path of the program, and its arguments.
    package var words: [String]
    /// The same through a shell, for a script that does not say what runs it; empty if that would be something else.
    package var shellWords: [String] = []
    /// The variables that are set by name; `nil` removes one.
    package var environment: [String: String?] = [:]
    /// The directory in which the command starts, relative to the app root.
    package var directory: String?
    /// What the command reads from standard input.
    package var input: String?
    /// The most bytes of standard output to be kept; `nil` if it is not asked for.
    package var captureLimit: Int?

    package init(words: [String]) {
        self.words = words
    }
}

/// How a command ended.
package enum CommandOutcome: Sendable, Hashable {
    /// It was not started.
    case notStarted(CommandFailure)
    /// - Parameters:
    ///   - status: As of waitpid(2).
    ///   - output: What it printed to standard output, if that was asked for; `nil` if that was more than the limit.
    case ended(status: Int32, output: String?)
    /// Something else in the process has waited for it.
    case lost
}

/// Why a command was not started.
package struct CommandFailure: Error, Hashable {
    package enum Problem: String, Sendable, Hashable {
        /// The detail has the directories in which it was looked for.
        case notFound
        case notExecutable
        case isDirectory
        case missing
        /// The detail is the first line of the script, if that has one for the system.
        case missingInterpreter
        /// For any other reason.
        case refused
        case missingDirectory
        case noStream
    }

    package var problem: Problem
    /// The `errno`.
    package var reason: Int32
    /// The name or the path that the problem is about.
    package var subject: String
    package var detail: String

    package init(_ problem: Problem, reason: Int32 = 0, subject: String = "", detail: String = "") {
        self.problem = problem
        self.reason = reason
        self.subject = subject
        self.detail = detail
    }
}

/// What a command that succeeded leaves to be done.
package struct CommandSuccess: Sendable, Hashable {
    /// What the log is told.
    package var warning: String?
    /// A text for the shared dictionary.
    package var shared: Shared?

    package struct Shared: Sendable, Hashable {
        package var key: String
        package var text: String

        package init(key: String, text: String) {
            self.key = key
            self.text = text
        }
    }

    package init(warning: String? = nil, shared: Shared? = nil) {
        self.warning = warning
        self.shared = shared
    }
}
