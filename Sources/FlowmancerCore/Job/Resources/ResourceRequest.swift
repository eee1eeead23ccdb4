/// How much of a resource the attempts of a task ask for.
///
/// ```swift
/// job.tasks["load"]?.resources = ["db": 1, "memory": [2 << 30, 4 << 30]]
/// ```
public struct ResourceRequest: Sendable, Hashable {
    /// What attempt 1, 2, … asks for, at least 1; the last one holds for all that follow. Of memory, a number of bytes. Empty
    /// if that is known in the run only.
    public var amounts: [Int]
    /// What the amounts are made of, if they are known in the run only.
    package let open: ParameterValue?

    /// Creates a request.
    ///
    /// - Parameter amounts: What attempt 1, 2, … asks for; the last one holds for all that follow.
    public init(_ amounts: Int...) {
        self.init(byAttempt: amounts)
    }

    package init(byAttempt amounts: [Int]) {
        self.amounts = amounts
        open = .none
    }

    /// Creates a request of which the run decides: an amount, a size such as `2G`, or a list of these.
    ///
    /// ```swift
    /// job.tasks["load"]?.resources["memory"] = ResourceRequest(.output("list", "memory", default: "1G"))
    /// ```
    public init(_ value: ParameterValue) {
        // Not `nil`, which is a value of job files, too.
        open = value.isOpen ? value : .none
        amounts = value.isOpen ? [] : ResourceRequests.amounts(value) ?? []
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
