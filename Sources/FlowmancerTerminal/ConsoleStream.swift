import FlowmancerSystem
import Glibc
package import SystemPackage

/// One of the two streams that a ``Console`` writes to.
package struct ConsoleStream: Sendable {
    /// Whether a person watches.
    package var isTerminal: Bool
    /// Whether the terminal is this program's to draw on: a shell gives it to one job at a time.
    package var isForeground: @Sendable () -> Bool
    /// Whether bytes would be taken at once; a picture that is redrawn soon anyway is left out otherwise.
    package var isReady: @Sendable () -> Bool
    /// Writes bytes, and gives them up silently where nobody reads them any more; returns why they were not taken otherwise.
    package var write: @Sendable ([UInt8]) -> Errno?

    package init(
        isTerminal: Bool,
        isForeground: @escaping @Sendable () -> Bool = { true },
        isReady: @escaping @Sendable () -> Bool = { true },
        write: @escaping @Sendable ([UInt8]) -> Errno?
    ) {
        self.isTerminal = isTerminal
        self.isForeground = isForeground
        self.isReady = isReady
        self.write = write
    }

    /// A stream of the process.
    package init(descriptor: Int32) {
        self.init(
            isTerminal: isatty(descriptor) == 1,
            isForeground: { Self.isForeground(descriptor) },
            isReady: { Self.isWritable(descriptor, milliseconds: 0) },
            write: { Self.write($0, to: descriptor) }
        )
    }

    private static func isForeground(_ descriptor: Int32) -> Bool {
        let group = tcgetpgrp(descriptor)
        // A terminal that does not control the session of this program knows no jobs.
        return group < 0 || group == getpgrp()
    }

    private static func isWritable(_ descriptor: Int32, milliseconds: Int32) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&request, 1, milliseconds) != 0
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Errno? {
        let reason: Errno? = WriteSignals.withheld {
            let reason = failure(ofWriting: bytes, to: descriptor)
            return (reason, reason == .brokenPipe)
        }
        return reason == .brokenPipe ? nil : reason
    }

    private static func failure(ofWriting bytes: [UInt8], to descriptor: Int32) -> Errno? {
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
            case let reason: return reason
            }
        }
        return nil
    }
}
