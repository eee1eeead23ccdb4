import CFlowmancerKeeper
import FlowmancerFaults
import Glibc
import Synchronization

/// The process of a keeper that nobody has taken charge of yet. It ends with this process.
package struct KeeperProcess: Sendable {
    /// The engine's end of the control socket.
    let control: Int32
    let pid: pid_t

    /// Starts a keeper.
    ///
    /// - Parameter directory: Where tasks will run; by default the working directory.
    /// - Throws: ``SystemError``, for instance if there can be no more processes.
    init(in directory: String? = nil) throws(SystemError) {
        var pair: [Int32] = [0, 0]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &pair) == 0 else { throw SystemError("socketpair") }
        var pid: pid_t = 0
        let result = flowmancer_keeper_spawn(pair[1], OpenFileLimit.original, directory, &pid)
        FaultPoint.pass("keeper.spawned")
        close(pair[1])
        guard result == 0 else {
            close(pair[0])
            throw SystemError("posix_spawn", code: result)
        }
        control = pair[0]
        self.pid = pid
    }
}

/// A keeper that is started while the job is still being read, since both take their time.
package final class EarlyKeeper: Sendable {
    private let process: Mutex<KeeperProcess?>

    /// Starts a keeper. If that is not possible now, it is tried again when the run begins, and reported then.
    ///
    /// - Parameter directory: Where tasks will run.
    package init(in directory: String) {
        process = Mutex(try? KeeperProcess(in: directory))
    }

    /// Returns the keeper, once.
    func take() -> KeeperProcess? {
        process.withLock { $0.take() }
    }
}
