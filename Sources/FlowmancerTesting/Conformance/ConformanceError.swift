/// The error of a conformance suite that found violations.
///
/// It works with every test framework: the test that calls the suite fails and shows all violations.
public struct ConformanceError: Error, Sendable, CustomStringConvertible {
    /// A broken rule.
    public struct Violation: Sendable, Hashable {
        /// The rule, such as "what was written is read back".
        public let rule: String
        /// What happened instead.
        public let finding: String
    }

    /// The type that was checked.
    public let subject: String
    /// The violations, in the order in which the rules were checked.
    public let violations: [Violation]

    /// All violations, a line each.
    public var description: String {
        let count = violations.count == 1 ? "1 rule" : "\(violations.count) rules"
        return (["\(subject) breaks \(count):"] + violations.map { "  \($0.rule): \($0.finding)" })
            .joined(separator: "\n")
    }
}
