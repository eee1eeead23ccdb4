extension ParameterValue {
    /// The value with an item in the place of `$ITEM`; `nil` if it needs something that is known in the run only.
    func known(for item: ParameterValue?) -> ParameterValue? {
        guard isOpen else { return self }
        guard let item else { return nil }
        var resolver = ValueResolver { $0.kind == .item ? $0.lookup(in: item) : .unknown }
        guard let value = try? resolver.resolve(self), !value.isOpen else { return nil }
        return value
    }
}
