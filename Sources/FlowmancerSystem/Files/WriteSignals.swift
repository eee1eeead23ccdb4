import Glibc

/// The signals that writing may cause: SIGPIPE, from a pipe without a reader, ends a process; SIGTTOU, from a terminal that
/// lets no program in the background write (`stty tostop`), stops it.
package enum WriteSignals {
    /// Does what may cause them.
    ///
    /// They are held back in this thread, and SIGPIPE is taken away again: other threads, and programs that are started
    /// later, keep the behaviour that they had. A terminal takes what is written while SIGTTOU is held back.
    ///
    /// - Parameter body: Returns what happened, and whether nobody read any more.
    package static func withheld<Value>(_ body: () -> (value: Value, isBroken: Bool)) -> Value {
        var signals = sigset_t()
        var previous = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        sigaddset(&signals, SIGTTOU)
        pthread_sigmask(SIG_BLOCK, &signals, &previous)
        let (value, isBroken) = body()
        if isBroken, sigismember(&previous, SIGPIPE) == 0 {
            var immediately = timespec()
            sigdelset(&signals, SIGTTOU)
            sigtimedwait(&signals, nil, &immediately)
        }
        pthread_sigmask(SIG_SETMASK, &previous, nil)
        return value
    }
}
