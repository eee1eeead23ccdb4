import CFlowmancerKeeper
import FlowmancerCore
import FlowmancerFaults
import FlowmancerSystem
import Glibc
import Synchronization
import SystemPackage

/// The process of a keeper that nobody has taken charge of yet. It ends with this process.
package struct KeeperProcess: Sendable {
    /// The engine's end of the control socket.
    let control: Int32
    let pid: pid_t

    /// Starts a keeper: this program, once more.
    ///
    /// - Parameter directory: Where tasks will run; by default the working directory.
    /// - Throws: ``SystemError``, for instance if there can be no more processes.
    init(in directory: String? = nil) throws(SystemError) {
        var pair: [Int32] = [0, 0]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &pair) == 0 else { throw SystemError("socketpair") }
        var pid: pid_t = 0
        func spawn(_ directory: UnsafePointer<CChar>?) -> Int32 {
            flowmancer_keeper_spawn(pair[1], OpenFileLimit.original, directory, &pid)
        }
        let result = directory?.withSystemText { spawn($0) } ?? spawn(nil)
        FaultPoint.pass("keeper.spawned")
        close(pair[1])
        guard result == 0 else {
            close(pair[0])
            throw SystemError("posix_spawn", Errno(rawValue: result))
        }
        control = pair[0]
        self.pid = pid
    }

    /// Forks a keeper if this process has done nothing yet that stands against it.
    ///
    /// In the workers, which are forked from the keeper in turn, this returns, too.
    fileprivate init?(forkedIn directory: String) {
        var (pid, control): (pid_t, Int32) = (0, -1)
        let result = directory.withSystemText {
            flowmancer_keeper_fork(OpenFileLimit.original, $0, &pid, &control)
        }
        guard result == 0 else { return nil }
        FaultPoint.pass("keeper.spawned")
        self.control = control
        self.pid = pid
    }
}

/// A keeper that is started while the job is still being read, since both take their time.
package final class EarlyKeeper: Sendable {
    private let process: Mutex<KeeperProcess?>

    /// Starts a keeper. If that is not possible now, it is tried again when the run begins, and reported then.
    ///
    /// In the workers of the keeper this returns, too: the process has to become one then (``Worker/isRequested``).
    ///
    /// - Parameter directory: Where tasks will run.
    package init(in directory: String) {
        process = Mutex(KeeperProcess(forkedIn: directory) ?? (try? KeeperProcess(in: directory)))
    }

    /// Returns the keeper, once.
    func take() -> KeeperProcess? {
        process.withLock { $0.take() }
    }
}
