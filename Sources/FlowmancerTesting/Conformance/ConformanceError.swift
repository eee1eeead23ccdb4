/// The rules that an implementation breaks.
///
/// It is thrown, so that a suite works with any test framework: the test that called it fails, and shows every violation
/// in words.
public struct ConformanceError: Error, Sendable, CustomStringConvertible {
    /// One rule that was broken.
    public struct Violation: Sendable, Hashable {
        /// The rule: "what was written is read back".
        public let rule: String
        /// What happened instead.
        public let finding: String
    }

    /// The type that was examined.
    public let subject: String
    /// What it breaks, in the order in which the rules were checked.
    public let violations: [Violation]

    /// All violations, a line each.
    public var description: String {
        let count = violations.count == 1 ? "1 rule" : "\(violations.count) rules"
        return (["\(subject) breaks \(count):"] + violations.map { "  \($0.rule): \($0.finding)" })
            .joined(separator: "\n")
    }
}
