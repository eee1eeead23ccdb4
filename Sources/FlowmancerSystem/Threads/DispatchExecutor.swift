import Dispatch

/// Runs Swift tasks one at a time, on a thread outside of the pool that all others share: a task that blocks its thread
/// keeps no others waiting, and is kept waiting by none.
package final class DispatchExecutor: TaskExecutor {
    private let queue: DispatchQueue

    /// Creates an executor.
    ///
    /// - Parameter label: What debuggers call its queue.
    package init(label: String) {
        queue = DispatchQueue(label: label)
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
