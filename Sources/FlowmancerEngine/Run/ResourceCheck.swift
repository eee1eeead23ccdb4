import Glibc

/// Makes sure that the process may have what every run needs: beyond this point a lack of it would be a trap.
enum ResourceCheck {
    /// Descriptors for the event loop, the keeper, the first worker, a log file and the checkpoint.
    private static let descriptors = 16
    /// Threads for the event loop and for the plug-ins, to begin with.
    private static let threads = 3

    /// - Throws: ``RunFailure`` that says what is missing, and how to allow more.
    static func run() throws(RunFailure) {
        try checkDescriptors()
        try checkThreads()
    }

    private static func checkDescriptors() throws(RunFailure) {
        var opened: [Int32] = []
        defer { for descriptor in opened { close(descriptor) } }
        for _ in 0..<descriptors {
            let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                throw RunFailure("\(SystemError("open")); a run needs more open files: raise the limit ('ulimit -n')")
            }
            opened.append(descriptor)
        }
    }

    private static func checkThreads() throws(RunFailure) {
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
        for _ in 0..<threads {
            var thread = pthread_t()
            let result = pthread_create(
                &thread,
                nil,
                { gate in
                    let gate = gate?.assumingMemoryBound(to: pthread_mutex_t.self)
                    if let gate, pthread_mutex_lock(gate) == 0 { pthread_mutex_unlock(gate) }
                    return nil
                },
                gate
            )
            guard result == 0 else {
                throw RunFailure(
                    "\(SystemError("pthread_create", code: result)); a run needs more threads: "
                        + "raise the limit of processes ('ulimit -u') or of memory ('ulimit -v')"
                )
            }
            started.append(thread)
        }
    }
}
