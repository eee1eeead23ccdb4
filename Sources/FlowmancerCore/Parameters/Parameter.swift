import Synchronization

/// Marks a property as configurable from a job file.
///
/// A parameter without a default is required, unless its type is optional:
/// ```swift
/// @Parameter("Where the report goes.") var target: URL
/// @Parameter var retries = 3
/// @Parameter var proxy: String?
/// ```
/// A value may be of any type of these: `String`, `Bool`, the integers and floating-point numbers, `URL`, `Date`
/// (ISO 8601), `Duration` (seconds, or text such as `1h30m`), enumerations with raw values, ``ParameterGroup``s,
/// optionals, arrays, sets and dictionaries of all these, and any other `Decodable` type. An enumeration that is
/// `CaseIterable` lists its choices in errors and wherever types are described.
///
/// A value that must not be seen is marked with ``ParameterTrait/secret``; to the task it is like any other:
/// ```swift
/// @Parameter(.secret, "The token of the service.") var token: String
/// ```
@propertyWrapper
public struct Parameter<Value: Sendable>: Sendable {
    private var storage: ParameterStorage<Value>

    /// The text that describes the parameter to the author of a job file; empty if none was given.
    public let help: String

    /// Whether the value is shown nowhere.
    package let isSecret: Bool

    private init(_ value: Value?, isRequired: Bool, isSecret: Bool, help: String) {
        storage = ParameterStorage(value, isRequired: isRequired)
        self.isSecret = isSecret
        self.help = help
    }

    private init(isSecret: Bool, help: String) {
        if let optional = Value.self as? any OptionalParameter.Type {
            self.init(optional.none as? Value, isRequired: false, isSecret: isSecret, help: help)
        } else {
            self.init(nil, isRequired: true, isSecret: isSecret, help: help)
        }
    }

    /// Creates a required parameter, or an optional one if its type is optional.
    ///
    /// - Parameter help: What the parameter means, for the author of a job file.
    public init(_ help: String = "") {
        self.init(isSecret: false, help: help)
    }

    /// Creates a required parameter with a trait, or an optional one if its type is optional.
    ///
    /// - Parameters:
    ///   - trait: What is special about the parameter.
    ///   - help: What the parameter means, for the author of a job file.
    public init(_ trait: ParameterTrait, _ help: String = "") {
        self.init(isSecret: trait == .secret, help: help)
    }

    /// Creates a parameter with a default.
    ///
    /// - Parameters:
    ///   - wrappedValue: The value where a job file leaves the parameter out.
    ///   - help: What the parameter means, for the author of a job file.
    public init(wrappedValue: Value, _ help: String = "") {
        self.init(wrappedValue, isRequired: false, isSecret: false, help: help)
    }

    /// Creates a parameter with a default and a trait.
    ///
    /// - Parameters:
    ///   - wrappedValue: The value where a job file leaves the parameter out.
    ///   - trait: What is special about the parameter.
    ///   - help: What the parameter means, for the author of a job file.
    public init(wrappedValue: Value, _ trait: ParameterTrait, _ help: String = "") {
        self.init(wrappedValue, isRequired: false, isSecret: trait == .secret, help: help)
    }

    /// The value from the job file, or the default.
    ///
    /// Reading a required parameter of an instance that no job file configured is a programming error and ends the
    /// process with a message that says so.
    public var wrappedValue: Value {
        get {
            guard let value = storage.value.withLock({ $0 }) else {
                preconditionFailure(
                    "A required @Parameter of type \(Value.self) was read before it had a value: set it, or let a job configure the instance; init() runs before that."
                )
            }
            return value
        }
        set {
            // A new box, never a write through the old one: copies of the enclosing struct stay independent.
            storage = ParameterStorage(newValue, isRequired: storage.isRequired)
        }
    }
}

extension Parameter: CustomReflectable {
    /// Shows the value, not the storage, in `dump` and debuggers; a mask instead of one that is secret.
    public var customMirror: Mirror {
        let value = storage.value.withLock { $0 }
        return Mirror(self, children: ["value": isSecret && value != nil ? SecretText.mask : value as Any])
    }
}

extension Parameter: BindableParameter {
    package var isRequired: Bool { storage.isRequired }

    package var valueType: Any.Type { Value.self }

    package var value: (any Sendable)? { storage.value.withLock { $0 } }

    package func bind(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) {
        let before = issues.count
        // Writes through the box: the instance was just made, nobody holds a copy of it yet.
        if let converted = ParameterConversion.convert(value, to: Value.self, at: path, issues: &issues) {
            storage.value.withLock { $0 = converted }
        }
        if isSecret { for index in before..<issues.count { issues[index].hideValue() } }
    }
}

/// What the binder needs of a ``Parameter`` whose type it does not know.
package protocol BindableParameter: SendableMetatype {
    var help: String { get }
    var isRequired: Bool { get }
    var isSecret: Bool { get }
    var valueType: Any.Type { get }
    var value: (any Sendable)? { get }
    func bind(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue])
}

/// Recognises `Optional` without knowing what it wraps.
protocol OptionalParameter {
    static var none: Self { get }
}

extension Optional: OptionalParameter {}

/// A box: reflection hands out copies of a property wrapper, and a copy must reach the same value.
private final class ParameterStorage<Value: Sendable>: Sendable {
    let value: Mutex<Value?>
    let isRequired: Bool

    init(_ value: Value?, isRequired: Bool) {
        self.value = Mutex(value)
        self.isRequired = isRequired
    }
}
