import FlowmancerCore

/// What happens to the machines of an executor. Nodes go by their numbers, none of which is used twice.
enum ClusterEvent {
    // MARK: The run

    case submitted(Assignment, Admission, NodeDemand)
    case admitted(task: Int)
    case withdrawn(task: Int)
    case cancelled(task: Int, patience: Duration)
    case killed(task: Int, remark: String)

    // MARK: Pilots

    /// The executor is ready.
    case opened
    /// Pilots were asked for, and have these ids.
    case requested([String])
    /// They could not be asked for, for this reason. It may be possible later, or not.
    case notRequested(reason: String, isFinal: Bool)
    /// This has become of pilots.
    case states([String: PilotState])
    /// A pilot says who it is, over a new connection.
    case greeted(PilotGreeting)
    case heard(node: Int)
    case disconnected(node: Int)
    /// There is much on its way to the node, or no longer.
    case congested(node: Int, Bool)
    /// The pilot ends, for this reason.
    case leaving(node: Int, reason: String)

    // MARK: Attempts

    case started(node: Int, attempt: UInt64)
    case returned(node: Int, attempt: UInt64)
    case ended(node: Int, attempt: UInt64)

    // MARK: The clock

    /// An interval is over.
    case elapsed
}

/// Who a pilot is.
struct PilotGreeting: Hashable {
    let pilot: String
    let incarnation: UInt64
    let node: String
    let capacity: NodeCapacity
    /// Tells the build of its program from all others.
    let program: String
}

/// What is to be done about the machines of an executor.
enum ClusterAction {
    // MARK: To pilots

    /// The greeting is answered: the pilot is that of the node.
    case welcome(PilotGreeting, node: Int)
    case refuse(PilotGreeting, reason: String)
    case give(node: Int, Assignment, NodeDemand)
    case cancel(node: Int, attempt: UInt64, patience: Duration)
    case kill(node: Int, attempt: UInt64, remark: String)
    /// End the connection: the pilot makes another one, if it lives.
    case disconnect(node: Int)
    /// Have the pilot end, and forget the node.
    case dismiss(node: Int)

    // MARK: To the executor

    case request(Int)
    case release([String])

    // MARK: To the run

    case returned(Assignment)
    /// The machine is lost, for this reason.
    case lost(Assignment, hasBegun: Bool, reason: String)
    /// No machine can execute it, for this reason.
    case impossible(Assignment, reason: String)
    /// People should know this about the machines.
    case note(ClusterNote)
    /// There will be no machines, for this reason.
    case fail(String)
}

/// What people should know about the machines of an executor.
enum ClusterNote: Hashable {
    case joined(node: String, capacity: NodeCapacity)
    /// So many pilots are waited for, for these reasons.
    case waiting(Int, reasons: [String])
    case lost(node: String, reason: String, attempts: Int)
    /// A pilot was over before it had said anything.
    case stillborn(pilot: String, reason: String)
    case notRequested(reason: String)
    /// Pilots that an earlier run left are waited for; their number, if it is known.
    case leftovers(Int?)
    /// What a pilot says about its machine.
    case said(node: String, String)
}
