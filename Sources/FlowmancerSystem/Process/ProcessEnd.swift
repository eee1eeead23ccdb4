package import FlowmancerCore
import Glibc

/// How a process ended.
package enum ProcessEnd: Sendable, Hashable, CustomStringConvertible {
    case exited(code: UInt8)
    case killed(signal: Int32)

    /// Reads a status as waitpid(2) reports it.
    package init(waitStatus status: Int32) {
        let signal = status & 0x7f
        self = signal == 0 ? .exited(code: UInt8(truncatingIfNeeded: status >> 8)) : .killed(signal: signal)
    }

    /// The exit code, or the one by which shells tell of the signal.
    package var exitCode: UInt8 {
        switch self {
        case .exited(let code): code
        case .killed(let signal): UInt8(truncatingIfNeeded: 128 + signal)
        }
    }

    /// The kind of failure that it is for an attempt.
    package var failure: FailureKind {
        switch self {
        case .exited(let code): .exit(code: code)
        case .killed(let signal): .crash(signal: UInt8(truncatingIfNeeded: signal))
        }
    }

    /// `exited with code 1`, `was killed by signal 15 (Terminated)`
    package var description: String {
        switch self {
        case .exited(let code): "exited with code \(code)"
        case .killed(let signal): "was killed by signal \(signal)\(Self.name(of: signal))"
        }
    }

    private static func name(of signal: Int32) -> String {
        strsignal(signal).map { " (\(String(cString: $0)))" } ?? ""
    }
}
