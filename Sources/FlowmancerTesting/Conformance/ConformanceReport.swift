/// The result of a conformance suite that found no violation.
public struct ConformanceReport: Sendable, Hashable {
    /// The rules that were checked and hold.
    public let held: [String]
    /// The rules that do not apply, because the implementation has no journal or no lock.
    public let inapplicable: [String]
}
