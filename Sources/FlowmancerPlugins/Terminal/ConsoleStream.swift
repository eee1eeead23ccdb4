import Glibc
import SystemPackage

/// One of the two streams that a ``Console`` writes to.
package struct ConsoleStream: Sendable {
    /// Whether a person watches.
    package var isTerminal: Bool
    /// Whether bytes would be taken at once; a picture that is redrawn soon anyway is left out otherwise.
    package var isReady: @Sendable () -> Bool
    /// Writes bytes, and gives them up silently where nobody reads them any more.
    package var write: @Sendable ([UInt8]) -> Void

    package init(
        isTerminal: Bool,
        isReady: @escaping @Sendable () -> Bool = { true },
        write: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.isTerminal = isTerminal
        self.isReady = isReady
        self.write = write
    }

    /// A stream of the process.
    package init(descriptor: Int32) {
        self.init(
            isTerminal: isatty(descriptor) == 1,
            isReady: { Self.isWritable(descriptor, milliseconds: 0) },
            write: { Self.writeWithoutSignal($0, to: descriptor) }
        )
    }

    private static func isWritable(_ descriptor: Int32, milliseconds: Int32) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&request, 1, milliseconds) != 0
    }

    /// A pipe without a reader answers with SIGPIPE, which ends a process. The signal is held back in this thread and
    /// taken away again: other threads, and programs that are started later, keep the behaviour that they had.
    private static func writeWithoutSignal(_ bytes: [UInt8], to descriptor: Int32) {
        var pipe = sigset_t()
        var previous = sigset_t()
        sigemptyset(&pipe)
        sigaddset(&pipe, SIGPIPE)
        guard pthread_sigmask(SIG_BLOCK, &pipe, &previous) == 0 else { return }
        if !write(bytes, to: descriptor), sigismember(&previous, SIGPIPE) == 0 {
            var immediately = timespec()
            sigtimedwait(&pipe, nil, &immediately)
        }
        pthread_sigmask(SIG_SETMASK, &previous, nil)
    }

    /// - Returns: `false` if nobody reads any more.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var count = 0
        var patience = 20
        while count < bytes.count {
            let result = bytes.withUnsafeBytes { buffer in
                Glibc.write(descriptor, buffer.baseAddress?.advanced(by: count), buffer.count - count)
            }
            if result > 0 {
                count += result
                continue
            }
            switch Errno.current {
            case .interrupted: continue
            case .resourceTemporarilyUnavailable where patience > 0:
                patience -= 1
                _ = isWritable(descriptor, milliseconds: 100)
            case .brokenPipe: return false
            default: return true
            }
        }
        return true
    }
}
