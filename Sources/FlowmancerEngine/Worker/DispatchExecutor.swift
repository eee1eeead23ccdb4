import Dispatch

/// Runs Swift tasks on a thread outside of the pool that all others share.
final class DispatchExecutor: TaskExecutor {
    private let queue = DispatchQueue(label: "flowmancer.abort")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
