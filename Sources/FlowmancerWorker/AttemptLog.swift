import FlowmancerWire
import Synchronization

/// What lines of an attempt's log are known by, also when the attempt is over and something that it started still logs.
final class AttemptLog: Sendable {
    let id: UInt64
    let taskName: String
    let attempt: UInt32
    /// What shows where in standard output a line was logged. Most attempts log nothing.
    var mark: OutputMark { OutputMark(number: markNumber) }
    private let markNumber: UInt64
    private let isClosed = Atomic(false)

    init(_ attempt: WireAttempt, mark: UInt64) {
        id = attempt.id
        taskName = attempt.taskName
        self.attempt = attempt.number
        markNumber = mark
    }

    /// Whether the attempt is over.
    var isOver: Bool { isClosed.load(ordering: .relaxed) }

    /// Takes note that the attempt is over. The caller sees to it that no line is on its way.
    func close() {
        isClosed.store(true, ordering: .relaxed)
    }
}
