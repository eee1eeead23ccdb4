import CFlowmancerKeeper
import FlowmancerSystem
import Glibc

extension ProcessEnd {
    /// The end of a process that Swift code ran in, with what causes it as a rule.
    var explained: String {
        switch self {
        case .exited(let code) where Int(code) == FLOWMANCER_DISCONNECTED_EXIT:
            "\(self) (its connection to the engine, descriptor 3, was closed within the process)"
        case .killed(let signal):
            switch Self.meaning(of: signal) {
            case (let name, let cause?)?: "was killed by signal \(signal) (\(name): \(cause))"
            default: named
            }
        case .exited: description
        }
    }

    /// The same without what causes it, for where the reason is known.
    var named: String {
        guard case .killed(let signal) = self else { return explained }
        return "was killed by signal \(signal)\(Self.meaning(of: signal).map { " (\($0.name))" } ?? "")"
    }

    /// The name of a signal: "SIGTERM", or "signal 40" for one that is seldom seen.
    static func name(ofSignal number: Int32) -> String { meaning(of: number)?.name ?? "signal \(number)" }

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
