import Synchronization

/// Marks a property as configurable from a job file.
///
/// A parameter is required unless it has a default value or an optional type:
/// ```swift
/// @Parameter("Where the report goes.") var target: URL
/// @Parameter var retries = 3
/// @Parameter var proxy: String?
/// ```
/// The type of a parameter can be `String`, `Bool`, an integer or floating-point type, `URL`, `Date` (ISO 8601),
/// `Duration` (seconds, or text such as `1h30m`), an enumeration with raw values, a ``ParameterGroup``, and any other
/// `Decodable` type, and an optional, array, set or dictionary of these. The choices of an enumeration with raw values
/// are listed in error messages, in the output of `tasks`, and in the schema.
///
/// Mark a secret value with ``ParameterTrait/secret``. Your task reads it like any other parameter:
/// ```swift
/// @Parameter(.secret, "The token of the service.") var token: String
/// ```
@propertyWrapper
public struct Parameter<Value: Sendable>: Sendable {
    private var storage: ParameterStorage<Value>

    /// The description of the parameter for authors of job files; empty if there is none.
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
    /// - Parameter help: The description of the parameter for authors of job files.
    public init(_ help: String = "") {
        self.init(isSecret: false, help: help)
    }

    /// Creates a required parameter with a trait, or an optional one if its type is optional.
    ///
    /// - Parameters:
    ///   - trait: The special treatment of the parameter, such as ``ParameterTrait/secret``.
    ///   - help: The description of the parameter for authors of job files.
    public init(_ trait: ParameterTrait, _ help: String = "") {
        self.init(isSecret: trait == .secret, help: help)
    }

    /// Creates a parameter with a default.
    ///
    /// - Parameters:
    ///   - wrappedValue: The value if the job file does not set the parameter.
    ///   - help: The description of the parameter for authors of job files.
    public init(wrappedValue: Value, _ help: String = "") {
        self.init(wrappedValue, isRequired: false, isSecret: false, help: help)
    }

    /// Creates a parameter with a default and a trait.
    ///
    /// - Parameters:
    ///   - wrappedValue: The value if the job file does not set the parameter.
    ///   - trait: The special treatment of the parameter, such as ``ParameterTrait/secret``.
    ///   - help: The description of the parameter for authors of job files.
    public init(wrappedValue: Value, _ trait: ParameterTrait, _ help: String = "") {
        self.init(wrappedValue, isRequired: false, isSecret: trait == .secret, help: help)
    }

    /// The value from the job file, or the default.
    ///
    /// Don't read a required parameter before a job has set it, for instance in `init()`: the program traps.
    public var wrappedValue: Value {
        get {
            guard let value = storage.value.withLock({ $0 }) else {
                preconditionFailure(
                    "A required @Parameter of type \(Value.self) was read before it had a value. A job sets it after init(); read it in onCreate() or later, or set it yourself."
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
