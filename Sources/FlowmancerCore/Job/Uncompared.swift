/// A property that does not count when values are compared.
@propertyWrapper
package struct Uncompared<Value: Sendable>: Sendable, Hashable {
    package var wrappedValue: Value

    package init(wrappedValue: Value) {
        self.wrappedValue = wrappedValue
    }

    package static func == (lhs: Uncompared, rhs: Uncompared) -> Bool { true }

    package func hash(into hasher: inout Hasher) {}
}
