/// What an enumeration with raw values can be.
enum EnumerationCases {
    /// The most cases that are of use as a list of choices.
    private static let limit = 1_000

    /// Returns the raw values of an enumeration, in the order of its cases; `nil` if they cannot be told.
    ///
    /// The cases of an enumeration that is not `CaseIterable` are found by the runtime's description of it.
    static func rawValues<Value: RawRepresentable>(of type: Value.Type) -> [Value.RawValue]? {
        let cases = (type as? any CaseIterable.Type).map { iterated($0, as: type) } ?? described(type)
        // What no raw value leads to is no choice.
        let values = cases.map(\.rawValue).filter { Value(rawValue: $0) != nil }
        return values.isEmpty ? nil : values
    }

    private static func iterated<Iterable: CaseIterable, Value>(
        _ iterable: Iterable.Type,
        as type: Value.Type
    ) -> [Value] {
        iterable.allCases.compactMap { $0 as? Value }
    }

    private static func described<Value>(_ type: Value.Type) -> [Value] {
        let metadata = TypeMetadata(type)
        guard let count = metadata.simpleCaseCount, count <= limit else { return [] }
        return (0..<count).map { metadata.simpleCase($0, as: type) }
    }
}
