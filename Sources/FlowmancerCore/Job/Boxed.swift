/// Keeps a value that most owners do not have out of line: there may be a million of them.
@propertyWrapper
package struct Boxed<Value: Sendable & Hashable>: Sendable, Hashable {
    /// Only the owner of all references changes it.
    private final class Box: @unchecked Sendable {
        var value: Value

        init(_ value: Value) { self.value = value }
    }

    private var box: Box?

    package init(wrappedValue: Value?) {
        box = wrappedValue.map(Box.init)
    }

    var isEmpty: Bool { box == nil }

    /// Changes the value where it is.
    ///
    /// - Parameter initial: The value to begin with if there is none.
    mutating func update(startingWith initial: @autoclosure () -> Value, _ change: (inout Value) -> Void) {
        if box == nil || !isKnownUniquelyReferenced(&box) { box = Box(box?.value ?? initial()) }
        change(&box!.value)
    }

    package var wrappedValue: Value? {
        get { box?.value }
        set { box = newValue.map(Box.init) }
    }

    package static func == (lhs: Boxed, rhs: Boxed) -> Bool {
        lhs.box === rhs.box || lhs.wrappedValue == rhs.wrappedValue
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(wrappedValue) }
}
