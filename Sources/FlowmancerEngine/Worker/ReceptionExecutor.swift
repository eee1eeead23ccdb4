import Glibc
import Synchronization

/// Runs the first step of an attempt, and each step that a message from the engine brings about, on the thread that
/// received it; everything else runs in the pool of threads that all Swift tasks share.
final class ReceptionExecutor: TaskExecutor {
    private let collection = Mutex<Collection?>(nil)
    private let runner = Mutex<Runner?>(nil)

    /// Steps that come up while a thread handles a message.
    private struct Collection: @unchecked Sendable {
        // Only compared.
        let thread: pthread_t
        var jobs: [UnownedJob] = []
    }

    /// The thread that runs steps.
    private struct Runner: @unchecked Sendable {
        // Only compared.
        let thread: pthread_t
    }

    /// Handles a message and returns the steps that it brings about, for ``run(_:)``.
    func collect(_ handle: () -> Void) -> [UnownedJob] {
        collection.withLock { $0 = Collection(thread: pthread_self()) }
        handle()
        return collection.withLock { $0.take()?.jobs ?? [] }
    }

    /// Runs a step on this thread.
    func run(_ job: UnownedJob) {
        runner.withLock { $0 = Runner(thread: pthread_self()) }
        job.runSynchronously(on: asUnownedTaskExecutor())
        runner.withLock { runner in
            if let thread = runner?.thread, pthread_equal(thread, pthread_self()) != 0 { runner = nil }
        }
    }

    /// Whether this thread is in the middle of ``run(_:)``. Two threads may run steps at once; then it may be said of
    /// neither.
    var isRunningHere: Bool {
        runner.withLock { runner in
            guard let thread = runner?.thread else { return false }
            return pthread_equal(thread, pthread_self()) != 0
        }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isCollected = collection.withLock { collection in
            // What a step starts in turn is none of the message's: it may run beside it.
            guard let thread = collection?.thread, pthread_equal(thread, pthread_self()) != 0 else { return false }
            collection?.jobs.append(job)
            return true
        }
        if !isCollected { globalConcurrentExecutor.enqueue(job) }
    }
}
