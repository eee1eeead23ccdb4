/// A run that could not begin or go on, though its job is valid.
public struct JobRunError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kept a run from beginning or going on.
    ///
    /// New versions may add codes, so give a `switch` over them a default.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The name of the code, such as `checkpointLocked`.
        public let description: String

        private init(_ name: String) { description = name }

        /// Another run of the job uses the same checkpoint.
        public static let checkpointLocked = Code("checkpointLocked")
        /// The checkpoint could not be read, stored or removed. No task ran.
        public static let checkpointUnusable = Code("checkpointUnusable")
        /// The checkpoint belongs to another job file of the same name. No task ran.
        public static let checkpointOfOtherJob = Code("checkpointOfOtherJob")
        /// The run was aborted before it began. No task ran.
        public static let aborted = Code("aborted")
        /// The system has too few open files or threads left for a run. No task ran.
        public static let tooFewResources = Code("tooFewResources")
        /// Worker processes could not be started, so that no task can run.
        public static let noWorkers = Code("noWorkers")
    }

    /// What kept the run from beginning or going on.
    public let code: Code
    /// The error in words. Secrets of the job are masked.
    public package(set) var description: String

    /// Creates an error; tests of your own error handling need this.
    public init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
