import Synchronization

/// Where the logs of a run's tasks are: a logger that writes files says so, and other plug-ins ask.
package final class LogFiles: Sendable {
    private struct Logger {
        let directory: String
        let place: @Sendable (_ task: String) -> String?
    }

    private let loggers = Mutex<[Logger]>([])

    package init() {}

    /// Adds the files of a logger.
    ///
    /// - Parameters:
    ///   - directory: The directory that they are in.
    ///   - place: Returns the path of a task's log; `nil` if the task has none.
    package func add(directory: String, _ place: @escaping @Sendable (_ task: String) -> String?) {
        loggers.withLock { $0.append(Logger(directory: directory, place: place)) }
    }

    /// The directories of all loggers, in the order of the job.
    package var directories: [String] { loggers.withLock { $0.map(\.directory) } }

    /// Returns the path of a task's log; `nil` if no logger writes one.
    package func path(of task: String) -> String? {
        for logger in loggers.withLock({ $0 }) {
            if let path = logger.place(task) { return path }
        }
        return nil
    }
}
