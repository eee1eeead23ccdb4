import CFlowmancerSystem
import FlowmancerSystem
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
            guard opened.allSatisfy({ $0 < limit }) else { throw SystemError("pipe", .tooManyOpenFiles) }
        } catch {
            for descriptor in opened { close(descriptor) }
            throw error
        }
        socket = opened[0]
        streams = (0..<turns).map { Streams(output: opened[2 + 4 * $0], errors: opened[4 + 4 * $0]) }
        remote = stride(from: 1, to: opened.count, by: 2).map { opened[$0] }
    }
}
