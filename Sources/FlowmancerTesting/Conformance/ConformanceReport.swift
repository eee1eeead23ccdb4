/// What a conformance suite found to be in order.
public struct ConformanceReport: Sendable, Hashable {
    /// The rules that were checked and hold.
    public let held: [String]
    /// The rules that do not apply, since the implementation leaves an optional part out: the journal, say, or the lock.
    public let inapplicable: [String]
}
