import CFlowmancerKeeper
import Glibc

/// The descriptors of a new worker: our ends, and the ends that the worker gets.
struct WorkerDescriptors {
    /// Where what the worker prints arrives.
    struct Streams {
        var output: Int32
        var errors: Int32
    }

    var socket: Int32
    /// The attempts of a worker write to these pairs in turn, so that what one wrote and what the next one writes are
    /// told apart.
    var streams: [Streams]
    var remote: [Int32]

    /// Opens a socket pair and pipes.
    ///
    /// - Parameters:
    ///   - turns: How many pairs of pipes: one for a worker that is to execute a single attempt, otherwise two.
    ///   - limit: The descriptors have to be below it: the rest is for files that loggers and the checkpointer open.
    /// - Throws: ``SystemError``, for instance if the process has no more descriptors.
    init(turns: Int, below limit: Int32) throws(SystemError) {
        var opened: [Int32] = []
        do throws(SystemError) {
            var pair: [Int32] = [0, 0]
            let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
            guard socketpair(AF_UNIX, kind, 0, &pair) == 0 else { throw SystemError("socketpair") }
            opened += pair
            for _ in 0..<2 * turns {
                guard flowmancer_pipe(&pair) == 0 else { throw SystemError("pipe") }
                opened += pair
            }
            guard opened.allSatisfy({ $0 < limit }) else { throw SystemError("pipe", code: EMFILE) }
        } catch {
            for descriptor in opened { close(descriptor) }
            throw error
        }
        socket = opened[0]
        streams = (0..<turns).map { Streams(output: opened[2 + 4 * $0], errors: opened[4 + 4 * $0]) }
        remote = stride(from: 1, to: opened.count, by: 2).map { opened[$0] }
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
