/// How much of a resource the attempts of a task ask for.
///
/// ```swift
/// job.tasks["load"]?.resources = ["db": 1, "memory": [2 << 30, 4 << 30]]
/// ```
public struct ResourceRequest: Sendable, Hashable {
    /// What attempt 1, 2, … asks for, at least 1; the last one holds for all that follow. Of memory, a number of bytes.
    public var amounts: [Int]

    /// Creates a request.
    ///
    /// - Parameter amounts: What attempt 1, 2, … asks for; the last one holds for all that follow.
    public init(_ amounts: Int...) {
        self.amounts = amounts
    }

    package init(byAttempt amounts: [Int]) {
        self.amounts = amounts
    }

    /// What an attempt asks for.
    package func amount(of attempt: Int) -> Int {
        amounts.isEmpty ? 0 : amounts[min(attempt, amounts.count) - 1]
    }
}

extension ResourceRequest: ExpressibleByIntegerLiteral {
    /// Creates a request of which every attempt asks for the same.
    public init(integerLiteral value: Int) { self.init(value) }
}

extension ResourceRequest: ExpressibleByArrayLiteral {
    /// Creates a request from what attempt 1, 2, … asks for.
    public init(arrayLiteral elements: Int...) { self.init(byAttempt: elements) }
}
