import Synchronization

/// Where the logs of a run's tasks are: a logger that writes files says so, and other plug-ins ask.
package final class LogFiles: Sendable {
    private let places = Mutex<[@Sendable (_ task: String) -> String?]>([])

    package init() {}

    /// Adds the files of a logger.
    ///
    /// - Parameter place: Returns the path of a task's log; `nil` if the task has none.
    package func add(_ place: @escaping @Sendable (_ task: String) -> String?) {
        places.withLock { $0.append(place) }
    }

    /// Returns the path of a task's log; `nil` if no logger writes one.
    package func path(of task: String) -> String? {
        for place in places.withLock({ $0 }) {
            if let path = place(task) { return path }
        }
        return nil
    }
}
