import OrderedCollections

/// What a task runs for: `for_each` in a job file. Every item makes a task of its own, `name[key]`.
///
/// ```swift
/// job.addTask("load", Load.self) { $0.forEach = ["eu", "us"] }
/// ```
public struct ForEach: Sendable, Hashable {
    /// The items: a list, a mapping of lists, which stands for all combinations, JSON text of either, or a variable whose
    /// value is one of these.
    public var items: ParameterValue
    /// The field of an item that names its task. Without it, a text, number or truth value names itself, and any other item
    /// has the number of its place.
    public var key: String?
    /// The maximum number of the group's tasks that run at the same time; of jobs with items, how many are under way: one that
    /// has begun ends before another begins in its place. `nil` for no limit of its own.
    public var maxConcurrency: Int?
    /// After this many failed tasks of the group, no other of it starts; `nil` for no limit of its own.
    public var maxFailures: Int?

    /// The most items that a group can have.
    public static let maximumCount = 1_000_000

    /// Creates the items of a group.
    public init(_ items: ParameterValue, key: String? = nil, maxConcurrency: Int? = nil, maxFailures: Int? = nil) {
        self.items = items
        self.key = key
        self.maxConcurrency = maxConcurrency
        self.maxFailures = maxFailures
    }
}

extension ForEach: ExpressibleByArrayLiteral {
    /// Creates the items of a group from a list.
    public init(arrayLiteral elements: ParameterValue...) { self.init(.array(elements)) }
}

extension ForEach: ExpressibleByDictionaryLiteral {
    /// Creates the items of a group from lists, of which it has all combinations.
    public init(dictionaryLiteral elements: (String, ParameterValue)...) {
        self.init(.object(OrderedDictionary(elements, uniquingKeysWith: { _, last in last })))
    }
}
