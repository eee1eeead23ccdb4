import FlowmancerCore
import FlowmancerSystem

/// Why a pilot ended.
package enum PilotEnding: Sendable, Hashable {
    /// The engine needs it no longer.
    case dismissed
    /// The engine does not want it, for this reason.
    case refused(String)
    /// The engine did not hear of it for so long. The last thing that went wrong.
    case unheard(Duration, String?)
    /// A signal told it to end.
    case signal(Int32)
    /// It has no workers and will have none, for this reason.
    case failed(String)

    /// What the engine is told; `nil` if it knows or cannot be told.
    var farewell: String? {
        switch self {
        case .dismissed, .refused, .unheard: nil
        case .signal(let number): "the pilot was told to end by \(ProcessEnd.name(ofSignal: number))"
        case .failed(let reason): reason
        }
    }

    /// What the pilot prints about it.
    package var text: String {
        switch self {
        case .dismissed: "The engine needs this pilot no longer."
        case .refused(let reason): "The engine does not want this pilot: \(reason)."
        case .unheard(let lease, let reason):
            "The engine was out of reach for \(lease.text), so this pilot ends with everything that it started."
                + (reason.map { " The last problem: \($0)." } ?? "")
        case .signal(let number): "This pilot was told to end by \(ProcessEnd.name(ofSignal: number))."
        case .failed(let reason): "This pilot cannot go on: \(reason)"
        }
    }
}
