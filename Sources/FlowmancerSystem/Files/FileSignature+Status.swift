package import FlowmancerCore
package import Glibc

extension FileSignature {
    package init(_ status: stat) {
        self.init(
            size: Int64(status.st_size),
            modified: status.st_mtim.nanoseconds,
            changed: status.st_ctim.nanoseconds,
            inode: UInt64(status.st_ino)
        )
    }

    /// Whether the next change of the file is certain to give it another signature.
    ///
    /// Clocks of file systems move in steps, and a change within the same step as the one before leaves no trace.
    ///
    /// - Parameter now: The time before the file was looked at, in nanoseconds since 1970.
    package func isSettled(at now: Int64) -> Bool {
        let latest = max(modified, changed)
        // Steps are those of the kernel's timer, at most 10 ms, or whole seconds: up to two of these.
        let step: Int64 = latest % 1_000_000_000 == 0 || modified % 1_000_000_000 == 0 ? 2_100_000_000 : 100_000_000
        return latest < now - step
    }

    /// The time, as files have it.
    package static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return time.nanoseconds
    }
}

extension timespec {
    fileprivate var nanoseconds: Int64 { Int64(tv_sec) &* 1_000_000_000 &+ Int64(tv_nsec) }
}
