extension ParameterValue {
    /// The value with an item in the place of `$ITEM`; `nil` if it needs something that is known in the run only.
    func known(for item: ParameterValue?) -> ParameterValue? {
        guard isOpen else { return self }
        guard let value = item.map({ replacing(item: $0, upTo: .max) }), !value.isOpen else { return nil }
        return value
    }

    /// The value with an item in the place of the variables that stand for it, or for a field of it; as it is, if the item lacks
    /// a field.
    ///
    /// - Parameter level: How many jobs further out the variables may have been written.
    package func replacing(item: ParameterValue, upTo level: UInt8 = 0) -> ParameterValue {
        var resolver = ValueResolver {
            $0.kind == .item && $0.level <= level ? $0.lookup(in: item) : .unknown
        }
        return (try? resolver.resolve(self)) ?? self
    }
}
