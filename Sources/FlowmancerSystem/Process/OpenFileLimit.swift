import Glibc

/// The limit of open files, which decides how many workers there can be.
package enum OpenFileLimit {
    /// The soft limit with which the program was started, which the workers get back: the first use raises it to the
    /// hard one. 0 if it is unknown.
    package static let original: UInt64 = {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        let original = limit.rlim_cur
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return UInt64(original)
    }()

    /// The descriptors from this one on are not for workers.
    package static var reserved: Int32 {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return .max }
        let count = Int32(clamping: limit.rlim_cur)
        return count - min(40, count / 8)
    }
}
