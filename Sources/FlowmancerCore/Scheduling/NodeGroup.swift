/// What the scheduler knows of the members of a group.
struct NodeGroup: Sendable {
    /// The node that is the group.
    let node: Int
    let traits: GroupTraits
    /// The next group around it that limits its members or is such a group itself, by its number in ``AdmissionControl``.
    let limit: Int?
    private(set) var members: [Int] = []
    /// Whether the members may go on.
    private(set) var isEntered = false
    /// The failed tasks in it, but for those whose failure is allowed.
    var failures = 0

    private var open = 0
    private var ends: Ends = []
    /// The votes of the members.
    private(set) var memberVotes: Votes = []

    /// How members ended.
    private struct Ends: OptionSet, Sendable {
        let rawValue: UInt8

        static let completed = Ends(rawValue: 1)
        static let skipped = Ends(rawValue: 2)
        static let failed = Ends(rawValue: 4)
        static let allowedFailed = Ends(rawValue: 8)
        static let defaulted = Ends(rawValue: 16)
        static let aborted = Ends(rawValue: 32)
    }

    init(node: Int, traits: GroupTraits, limit: Int?) {
        self.node = node
        self.traits = traits
        self.limit = limit
    }

    mutating func add(_ member: Int) {
        members.append(member)
        open += 1
    }

    mutating func enter() { isEntered = true }

    /// Takes note of the end of a member.
    ///
    /// - Parameter isAllowed: Whether the member itself allows its failure.
    /// - Returns: Votes that no member had given before.
    mutating func noteEnd(_ state: ExecutionState, _ votes: Votes, isAllowed: Bool) -> Votes {
        open -= 1
        let end: Ends =
            switch state {
            case .completed: .completed
            case .skipped: .skipped
            case .defaulted: .defaulted
            case .aborted: .aborted
            default: isAllowed ? .allowedFailed : .failed
            }
        ends.insert(end)
        let new = votes.subtracting(memberVotes)
        memberVotes.formUnion(votes)
        return new
    }

    /// Whether all members have ended.
    var isOver: Bool { isEntered && open == 0 }

    /// The final state of the group.
    var state: ExecutionState {
        switch traits.kind {
        case .items:
            if !ends.isDisjoint(with: [.failed, .allowedFailed]) { return .failed }
            if ends.contains(.aborted) { return .aborted }
            if ends.contains(.defaulted) { return .defaulted }
        case .job:
            if !ends.isDisjoint(with: [.failed, .defaulted]) { return .failed }
            if ends.contains(.aborted) { return .aborted }
        }
        return ends == .skipped ? .skipped : .completed
    }

    /// The votes of the group, once all members have ended.
    var votes: Votes {
        switch traits.kind {
        case .items where !members.isEmpty: memberVotes
        case .items: .completed
        case .job: memberVotes.contains(.failed) ? .failed : state == .failed ? .tolerated : .completed
        }
    }
}
