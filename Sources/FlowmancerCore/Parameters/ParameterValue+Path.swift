extension ParameterValue {
    /// Returns the value to which steps lead from this one; `nil` if there is none.
    package func value(at steps: ArraySlice<ParameterPath.Component>) -> ParameterValue? {
        guard let step = steps.first else { return self }
        switch (step, self) {
        case (.key(let key), .object(let members)):
            return members[key]?.value(at: steps.dropFirst())
        case (.index(let index), .array(let items)) where items.indices.contains(index):
            return items[index].value(at: steps.dropFirst())
        default:
            return nil
        }
    }
}
