import Glibc
import Synchronization

/// Runs the first step of an attempt, and each step that a message from the engine brings about, on the thread that
/// received it; everything else runs in the pool of threads that all Swift tasks share.
final class ReceptionExecutor: TaskExecutor {
    /// Those of two threads at most: one may have taken over from the other, which still goes on with its attempts.
    private let collections = Mutex<[Collection]>([])
    private let runner = Mutex<Runner?>(nil)

    /// Steps that come up while a thread handles a message.
    private struct Collection: @unchecked Sendable {
        // Only compared.
        let thread = pthread_self()
        var jobs: [UnownedJob] = []

        var isOwn: Bool { pthread_equal(thread, pthread_self()) != 0 }
    }

    /// The thread that runs steps.
    private struct Runner: @unchecked Sendable {
        // Only compared.
        let thread = pthread_self()

        var isOwn: Bool { pthread_equal(thread, pthread_self()) != 0 }
    }

    /// Handles a message and returns the steps that it brings about, for ``run(_:)``.
    func collect(_ handle: () -> Void) -> [UnownedJob] {
        collections.withLock { $0.append(Collection()) }
        handle()
        return collections.withLock { collections in
            guard let index = collections.firstIndex(where: \.isOwn) else { return [] }
            return collections.remove(at: index).jobs
        }
    }

    /// Runs a step on this thread.
    func run(_ job: UnownedJob) {
        runner.withLock { $0 = Runner() }
        job.runSynchronously(on: asUnownedTaskExecutor())
        runner.withLock { if $0?.isOwn == true { $0 = nil } }
    }

    /// Whether this thread is in the middle of ``run(_:)``. Two threads may run steps at once; then it may be said of
    /// neither.
    var isRunningHere: Bool { runner.withLock { $0?.isOwn == true } }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isCollected = collections.withLock { collections in
            // What a step starts in turn is none of the message's: it may run beside it.
            guard let index = collections.firstIndex(where: \.isOwn) else { return false }
            collections[index].jobs.append(job)
            return true
        }
        if !isCollected { globalConcurrentExecutor.enqueue(job) }
    }
}
