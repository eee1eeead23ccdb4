/// A task or group of a run. There may be a million, so what they share is in the ``TraitsTable``.
struct SchedulerNode: Sendable {
    var phase: Phase
    var tally: VoteTally
    /// The number of the group that it is a member of; -1 if there is none.
    var group: Int32

    /// Where a node stands.
    enum Phase: Sendable {
        /// It has ended before the run, which others are still to hear.
        case known(ExecutionState)
        /// Its rule is not decided.
        case waiting
        /// It is being found out what is to be done with it.
        case preparing
        /// It is a group that waits for the end of its members.
        case gathering
        /// It wants to start.
        case ready(attempt: Int)
        /// It was handed out, and no worker has it.
        case handedOut(attempt: Int, Admission)
        /// A worker has it, and executes another attempt before.
        case held(attempt: Int, Admission)
        /// A worker executes it.
        case running(attempt: Int)
        /// A worker executes it, and was told to end it, because it exceeded its time limit.
        case overrunning(attempt: Int)
        /// It did not end then either, and is being killed.
        case overdue(attempt: Int)
        /// It waits for its next attempt.
        case backingOff(attempt: Int)
        case final(ExecutionState)
    }

    /// The state that is told of the phase.
    var state: ExecutionState {
        switch phase {
        case .waiting, .preparing, .gathering, .ready, .handedOut, .held, .backingOff: .pending
        case .running, .overrunning, .overdue: .running
        case .known(let state), .final(let state): state
        }
    }

    var isWaiting: Bool { if case .waiting = phase { true } else { false } }
}
