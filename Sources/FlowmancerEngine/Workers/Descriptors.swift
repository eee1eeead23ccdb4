import CFlowmancerKeeper
import Glibc

/// The descriptors of a new worker: our ends, and the ends that the worker gets.
struct WorkerDescriptors {
    var socket: Int32
    var output: Int32
    var errors: Int32
    var remote: [Int32]

    /// Opens a socket pair and two pipes.
    ///
    /// - Parameter limit: The descriptors have to be below it: the rest is for files that loggers and the checkpointer
    ///   open.
    /// - Throws: ``SystemError``, for instance if the process has no more descriptors.
    init(below limit: Int32) throws(SystemError) {
        var opened: [Int32] = []
        do throws(SystemError) {
            var pair: [Int32] = [0, 0]
            let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
            guard socketpair(AF_UNIX, kind, 0, &pair) == 0 else { throw SystemError("socketpair") }
            opened += pair
            for _ in 0..<2 {
                guard flowmancer_pipe(&pair) == 0 else { throw SystemError("pipe") }
                opened += pair
            }
            guard opened.allSatisfy({ $0 < limit }) else { throw SystemError("pipe", code: EMFILE) }
        } catch {
            for descriptor in opened { close(descriptor) }
            throw error
        }
        (socket, output, errors) = (opened[0], opened[2], opened[4])
        remote = [opened[1], opened[3], opened[5]]
    }
}

/// A system call that failed.
struct SystemError: Error, CustomStringConvertible {
    let call: String
    let code: Int32

    init(_ call: String, code: Int32 = errno) {
        self.call = call
        self.code = code
    }

    var description: String { "\(call): \(String(cString: strerror(code)))" }

    /// Whether the same call may succeed later.
    var isTransient: Bool {
        [EAGAIN, ENOMEM, EMFILE, ENFILE, ENOBUFS, EINTR, EPIPE, ECONNRESET, ETOOMANYREFS].contains(code)
    }
}

/// The limit of open files, which decides how many workers there can be.
enum OpenFileLimit {
    /// The soft limit with which the program was started, which the workers get back: the first use raises it to the
    /// hard one. 0 if it is unknown.
    static let original: UInt64 = {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        let original = limit.rlim_cur
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return UInt64(original)
    }()

    /// The descriptors from this one on are not for workers.
    static var reserved: Int32 {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return .max }
        let count = Int32(clamping: limit.rlim_cur)
        return count - min(40, count / 8)
    }
}
