package import FlowmancerCore
import FlowmancerSystem
import Glibc
import SystemPackage

/// Makes sure that the process may have what every run needs: beyond this point a lack of it would be a trap.
package enum ResourceCheck {
    /// Descriptors for the event loop, the keeper, both ends of the first worker, a log file, the checkpoint and the history.
    private static let descriptors = 22
    /// Threads and processes: for the event loop, the plug-ins, what watches the time, the keeper, and the first worker.
    private static let threads = 16
    /// The check is made once in a process.
    private static let result = Result<Void, JobRunError> { () throws(JobRunError) in
        try checkDescriptors()
        // It takes a moment, and where there is room for many more there is no lack.
        if SystemThread.areScarce { try checkThreads() }
    }

    /// - Throws: ``JobRunError`` that says what is missing, and how to allow more.
    package static func run() throws(JobRunError) {
        try result.get()
    }

    private static func checkDescriptors() throws(JobRunError) {
        var opened: [Int32] = []
        defer { for descriptor in opened { close(descriptor) } }
        for _ in 0..<descriptors {
            let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                throw JobRunError(
                    .tooFewResources,
                    "\(SystemError("open")); a run needs more open files: raise the limit ('ulimit -n')"
                )
            }
            opened.append(descriptor)
        }
    }

    private static func checkThreads() throws(JobRunError) {
        var started: [pthread_t] = []
        // All wait for it, so that all live at once.
        let gate = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        pthread_mutex_init(gate, nil)
        pthread_mutex_lock(gate)
        defer {
            pthread_mutex_unlock(gate)
            for thread in started { pthread_join(thread, nil) }
            pthread_mutex_destroy(gate)
            gate.deallocate()
        }
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, 64 << 10)
        for _ in 0..<threads {
            var thread = pthread_t()
            let result = pthread_create(
                &thread,
                &attributes,
                { gate in
                    let gate = gate?.assumingMemoryBound(to: pthread_mutex_t.self)
                    if let gate, pthread_mutex_lock(gate) == 0 { pthread_mutex_unlock(gate) }
                    return nil
                },
                gate
            )
            guard result == 0 else {
                throw lackOfThreads(SystemError("pthread_create", Errno(rawValue: result)))
            }
            started.append(thread)
        }
    }

    /// What to say if there is no thread.
    static func lackOfThreads(_ error: SystemError) -> JobRunError {
        JobRunError(
            .tooFewResources,
            "\(error); a run needs more threads: raise the limit of processes ('ulimit -u') or of memory ('ulimit -v')"
        )
    }
}
