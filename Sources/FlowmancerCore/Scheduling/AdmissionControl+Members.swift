/// How members of groups are let go on that limit these. Only then, what is in them gets ready.
extension AdmissionControl {
    mutating func limitMembers(of group: Int, to most: Int) { memberLimits[group] = MemberLimit(most) }

    /// Whether a group limits its members.
    func limitsMembers(of group: Int) -> Bool { !memberLimits.isEmpty && memberLimits[group] != nil }

    /// A member of a group could go on.
    ///
    /// - Returns: Whether it does. If not, ``endMember(_:of:_:)`` returns it later.
    mutating func beginMember(_ member: Int, of group: Int) -> Bool {
        memberLimits.isEmpty || memberLimits[group]?.begin(member) ?? true
    }

    /// A member of a group ended.
    ///
    /// - Parameter isWaiting: Whether a node still waits.
    /// - Returns: The member that goes on in its place.
    mutating func endMember(_ member: Int, of group: Int, _ isWaiting: (Int) -> Bool) -> Int? {
        memberLimits.isEmpty ? nil : memberLimits[group]?.end(member, isWaiting)
    }

    /// The members that could go on if their groups let them, and others that no longer wait.
    var heldBack: Set<Int> { memberLimits.values.reduce(into: []) { $0.formUnion($1.waiting.all) } }
}
