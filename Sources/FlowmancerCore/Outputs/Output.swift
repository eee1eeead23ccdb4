/// Marks a property whose value a task publishes when it succeeds.
///
/// ```swift
/// struct Load: FlowTask {
///     @Parameter var file: String
///     @Output("How many rows were loaded.") var rows: Int
///
///     mutating func run() async throws {
///         rows = try await load(file)
///     }
/// }
/// ```
/// What the property holds after ``FlowTask/onSuccess()`` is published under its name in snake case: `rowCount` as
/// `row_count`. A property that was never set publishes nothing, and neither does one that is `nil`. What an attempt sets
/// that fails or is aborted is dropped.
///
/// The values are written as a job file would have them: a `Duration` or a `URL` as text, for instance. They are stored in the
/// checkpoint together with the success of the task, and are kept with it. All outputs of an attempt can have 63 MiB.
@propertyWrapper
public struct Output<Value: Codable & Sendable>: Sendable {
    private var value: Value?

    /// The description of the output; empty if there is none.
    public let help: String

    /// Creates an output that has no value yet; one of an optional type is `nil`.
    ///
    /// - Parameter help: The description of the output for authors of job files.
    public init(_ help: String = "") {
        value = (Value.self as? any OptionalParameter.Type)?.none as? Value
        self.help = help
    }

    /// Creates an output that has a value.
    ///
    /// - Parameters:
    ///   - wrappedValue: The value that is published if the task sets no other.
    ///   - help: The description of the output for authors of job files.
    public init(wrappedValue: Value, _ help: String = "") {
        value = wrappedValue
        self.help = help
    }

    /// The value to publish.
    ///
    /// Don't read an output that has no value yet: the program traps.
    public var wrappedValue: Value {
        get {
            guard let value else {
                preconditionFailure("An @Output of type \(Value.self) was read before it had a value. Set it first.")
            }
            return value
        }
        set { value = newValue }
    }
}

extension Output: CustomReflectable {
    /// Shows the value in `dump` and debuggers.
    public var customMirror: Mirror { Mirror(self, children: ["value": value as Any]) }
}

extension Output: OutputProperty {
    static var valueType: Any.Type { Value.self }

    func published() throws -> ParameterValue? {
        guard let value else { return nil }
        if let published = ParameterValue(describing: value) {
            // Not as a choice between two values: `nil` would be one of them, and mean null.
            if published == .null { return nil }
            return published
        }
        // Only the type knows why.
        _ = try SharedDict.encode(value, for: "")
        throw OutputError.notCodable
    }
}

/// What reflection needs of an ``Output`` whose type it does not know.
protocol OutputProperty: SendableMetatype {
    static var valueType: Any.Type { get }
    var help: String { get }
    /// The value, as a job file has it; `nil` if there is none.
    func published() throws -> ParameterValue?
}
