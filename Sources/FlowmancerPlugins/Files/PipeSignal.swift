import Glibc

/// A pipe without a reader answers with SIGPIPE, which ends a process.
enum PipeSignal {
    /// Does what may write to such a pipe.
    ///
    /// The signal is held back in this thread and taken away again: other threads, and programs that are started later,
    /// keep the behaviour that they had.
    ///
    /// - Parameter body: Returns what happened, and whether nobody read any more.
    static func withheld<Value>(_ body: () -> (value: Value, isBroken: Bool)) -> Value {
        var pipe = sigset_t()
        var previous = sigset_t()
        sigemptyset(&pipe)
        sigaddset(&pipe, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &pipe, &previous)
        let (value, isBroken) = body()
        if isBroken, sigismember(&previous, SIGPIPE) == 0 {
            var immediately = timespec()
            sigtimedwait(&pipe, nil, &immediately)
        }
        pthread_sigmask(SIG_SETMASK, &previous, nil)
        return value
    }
}
