import FlowmancerCore
import FlowmancerGraph

extension ExecutionState {
    /// How a report shows the state: never by a colour alone.
    var mark: SVGLook.Mark { .init(name: rawValue, symbol: symbol) }

    private var symbol: String {
        switch self {
        case .completed: "✓"
        case .failed: "✗"
        case .aborted: "■"
        case .defaulted: "–"
        case .skipped: "»"
        case .running: "►"
        default: "○"
        }
    }

    /// The state as readers of a report know it.
    var reportWord: String { self == .defaulted ? "not run" : description }

    /// The states in the order in which a report counts them.
    static let reported: [ExecutionState] = [
        .failed, .aborted, .running, .completed, .skipped, .defaulted, .pending,
    ]
}

extension RunState {
    /// The state of a task that looks like that of the run.
    var lookalike: ExecutionState {
        switch self {
        case .succeeded: .completed
        case .failed: .failed
        case .aborted, .interrupted: .aborted
        case .underWay: .running
        default: .pending
        }
    }
}
