/// How much a job has of a resource.
public enum ResourceSupply: Sendable, Hashable {
    /// So much, at least 1; of memory, a number of bytes.
    case amount(Int)
    /// These units. Every attempt is told which of them it has: ``TaskMetadata/resources``.
    case units([String])

    /// How much there is.
    package var amount: Int {
        switch self {
        case .amount(let amount): amount
        case .units(let units): units.count
        }
    }
}

extension ResourceSupply: ExpressibleByIntegerLiteral {
    /// Creates a supply without names.
    public init(integerLiteral value: Int) { self = .amount(value) }
}

extension ResourceSupply: ExpressibleByArrayLiteral {
    /// Creates a supply of units with these names.
    public init(arrayLiteral elements: String...) { self = .units(elements) }
}
