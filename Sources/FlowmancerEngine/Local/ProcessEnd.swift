import CFlowmancerKeeper
import Glibc

/// How a process ended.
enum ProcessEnd: Sendable, Hashable, CustomStringConvertible {
    case exited(code: Int32)
    case killed(signal: Int32)

    /// Reads a status as waitpid(2) reports it.
    init(waitStatus status: Int32) {
        let signal = status & 0x7f
        self = signal == 0 ? .exited(code: (status >> 8) & 0xff) : .killed(signal: signal)
    }

    var description: String {
        switch self {
        case .exited(let code) where code == Int32(FLOWMANCER_DISCONNECTED_EXIT):
            "exited with code \(code) (its connection to the engine, descriptor 3, was closed within the process)"
        case .exited(let code): "exited with code \(code)"
        case .killed(let signal): "was killed by signal \(signal)\(Self.explanation(of: signal))"
        }
    }

    /// The same without an explanation of the signal, for where the reason is known.
    var briefDescription: String {
        guard case .killed(let signal) = self else { return description }
        let name = Self.meaning(of: signal)?.name
        return "was killed by signal \(signal)\(name.map { " (\($0))" } ?? "")"
    }

    private static func explanation(of signal: Int32) -> String {
        guard let (name, cause) = meaning(of: signal) else { return "" }
        return cause.map { " (\(name): \($0))" } ?? " (\(name))"
    }

    private static func meaning(of signal: Int32) -> (name: String, cause: String?)? {
        switch signal {
        case SIGILL: ("SIGILL", "a trap, such as fatalError, a failed precondition or an overflow")
        case SIGTRAP: ("SIGTRAP", "a trap, such as fatalError, a failed precondition or an overflow")
        case SIGABRT: ("SIGABRT", "abort was called")
        case SIGSEGV: ("SIGSEGV", "invalid memory was used")
        case SIGBUS: ("SIGBUS", "invalid memory was used")
        case SIGFPE: ("SIGFPE", "an arithmetic error")
        case SIGKILL: ("SIGKILL", "killed from outside, for instance because memory ran out")
        case SIGTERM: ("SIGTERM", nil)
        case SIGINT: ("SIGINT", nil)
        case SIGHUP: ("SIGHUP", nil)
        case SIGPIPE: ("SIGPIPE", "wrote to a closed pipe")
        case SIGXCPU: ("SIGXCPU", "used too much processor time")
        default: nil
        }
    }
}
