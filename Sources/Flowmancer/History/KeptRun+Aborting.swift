import FlowmancerEngine
import FlowmancerSystem
import FoundationEssentials
import Glibc
package import SystemPackage

/// How a run is to end early.
package enum AbortRequest: Sendable, Hashable {
    /// Running tasks are cancelled. A further request kills them, as a further Ctrl-C would.
    case abort
    /// Running tasks are killed, however often it is asked for.
    case kill

    var signal: Int32 { self == .abort ? SIGTERM : SignalEscalation.killing }
}

/// What became of the request to abort a run.
package enum AbortAnswer: Sendable, Hashable {
    /// The engine was told.
    case told(AbortRequest)
    /// The run has ended, or its process is gone.
    case over
    /// The run has its process on another machine.
    case elsewhere
    /// It cannot be found out here whether the run is under way, or which process it has.
    case unknown
    /// The system did not let the engine be told.
    case refused(Errno)

    /// A word for programs.
    package var word: String {
        switch self {
        case .told: "told"
        case .over: "over"
        case .elsewhere: "elsewhere"
        case .unknown: "unknown"
        case .refused: "refused"
        }
    }
}

extension KeptRun {
    /// Asks the engine of the run to end it early: its own process, and never another one that has its number.
    package func request(_ request: AbortRequest) -> AbortAnswer {
        let here = ProcessInfo.processInfo.hostName
        switch state {
        case .underWay: break
        case .unknown:
            return record.process?.life(on: record.hostName, seenFrom: here) == .notKnown ? .elsewhere : .unknown
        default: return .over
        }
        guard let process = record.process else { return .unknown }
        return switch process.send(request.signal, on: record.hostName, seenFrom: here) {
        case .sent: .told(request)
        case .gone: .over
        case .elsewhere: .elsewhere
        case .refused(let reason): .refused(reason)
        }
    }

    /// The answer in words.
    package func explanation(of answer: AbortAnswer) -> String {
        let name = "the run \(record.id) of '\(record.jobName.printable)'"
        let host = record.hostName.isEmpty ? "another machine" : "the machine '\(record.hostName.printable)'"
        switch answer {
        case .told(.abort): return "\(name) was told to abort: its running tasks are cancelled"
        case .told(.kill): return "\(name) was told to abort: its running tasks are killed"
        case .over:
            switch state {
            case .interrupted: return "\(name) was interrupted: its process is gone, and nothing of it runs any more"
            case .underWay, .unknown: return "\(name) has no process any more"
            default:
                let end = endedAt.map { ", \($0.localText)" } ?? ""
                return "\(name) is over: it \(outcome)\(end)" + (summary.isEmpty ? "" : " (\(summary))")
            }
        case .elsewhere: return "\(name) is not on this machine; abort it on \(host)"
        case .unknown:
            return "it cannot be found out here whether \(name) is under way\(process)"
        case .refused(.notPermitted), .refused(.permissionDenied):
            return "\(name) belongs to another user, who alone can abort it\(process)"
        case .refused(let reason): return "\(name) cannot be told to abort\(process): \(reason)"
        }
    }

    private var process: String { record.process.map { " (process \($0.number))" } ?? "" }

    /// How it ended, in words that follow on the run.
    private var outcome: String {
        switch state {
        case .aborted: "was aborted"
        default: state.description
        }
    }
}
