package import OrderedCollections

/// A type of which job files set the properties by keys.
package protocol JobKeyOwner: Sendable {
    /// A value of which no file sets anything.
    static var unset: Self { get }
}

/// The place of a value that a key sets.
package typealias JobKeyPath<Owner, Value> = any WritableKeyPath<Owner, Value> & Sendable

/// A key of job files: everything that is known of it, declared once.
///
/// The readers and writers of job files, the schema, the explanations, the checks and the fingerprint all ask a
/// ``JobKeyTable`` of these.
package final class JobKey<Owner: JobKeyOwner>: Sendable {
    /// How the value of the key is read.
    package enum Form: Sendable {
        /// Text; a number has to be in quotes.
        case text(JobKeyPath<Owner, String>)
        /// The names of tasks, as they are written: a task may be called 2024.
        case names(JobKeyPath<Owner, [String]>)
        /// The values for the parameters of a type, which only the type understands.
        case parameters(JobKeyPath<Owner, OrderedDictionary<String, ParameterValue>>)
        /// Any other value; what does not fit is added to the issues.
        case value(@Sendable (ParameterValue, ParameterPath, inout Owner, inout [JobIssue]) -> Void)
    }

    package let form: Form
    /// What the author of a job file can know of the key. The second name is another spelling of the key.
    package let description: ParameterDescription
    /// The key of the job that holds for a task without this one.
    package let fallback: ParameterPath?
    /// Returns the value as a job file has it; `nil` if it is that of an owner of which no file sets anything.
    let write: @Sendable (Owner, ParameterPath, inout [JobIssue]) -> ParameterValue?
    /// Returns what is wrong with the value of a job that was built in code; `nil` if any value will do.
    let fault: (@Sendable (Owner) -> JobIssue.Problem?)?
    /// Returns what may be printed of the value.
    let show: @Sendable (Owner) -> Any
    /// Adds the value to the digest of what a task does; `nil` if it has no part in that.
    let identify: (@Sendable (Owner, inout StableHash) -> Void)?

    package var key: String { description.key }

    /// What has to stand under the key, as errors say it.
    package var expectation: String { description.type.expectation }

    private init<Value: JobKeyValue>(
        _ form: Form,
        _ path: JobKeyPath<Owner, Value>,
        _ description: ParameterDescription,
        fallback: ParameterPath? = nil,
        fault: (@Sendable (Value) -> JobIssue.Problem?)? = nil,
        show: @escaping @Sendable (Value) -> Any = { $0 },
        identify: (@Sendable (Value, inout StableHash) -> Void)?
    ) {
        self.form = form
        self.description = description
        self.fallback = fallback
        let isRequired = description.isRequired
        let unset = Owner.unset[keyPath: path]
        write = { owner, place, issues in
            let value: Value = owner[keyPath: path]
            guard isRequired || value != unset else { return nil }
            return value.written(at: place, issues: &issues)
        }
        if let fault {
            self.fault = { owner in fault(owner[keyPath: path]) }
        } else {
            self.fault = nil
        }
        self.show = { owner in show(owner[keyPath: path]) }
        if let identify {
            self.identify = { owner, hash in identify(owner[keyPath: path], &hash) }
        } else {
            self.identify = nil
        }
    }

    /// Declares a key for a value of some type.
    convenience init<Value: JobKeyValue>(
        _ key: String,
        _ path: JobKeyPath<Owner, Value>,
        alias: String? = nil,
        type: TypeDescription = Value.forms,
        fallback: ParameterPath? = nil,
        fault: @escaping @Sendable (Value) -> JobIssue.Problem? = { $0.fault },
        identify: (@Sendable (Value, inout StableHash) -> Void)? = nil,
        _ help: String
    ) {
        let description = ParameterDescription(
            key: key,
            propertyName: alias ?? key,
            help: help,
            type: type,
            presence: .optional(default: ParameterValue(describing: Owner.unset[keyPath: path]))
        )
        let read: @Sendable (ParameterValue, ParameterPath, inout Owner, inout [JobIssue]) -> Void = {
            if let result = Value.read($0, at: $1, issues: &$3) { $2[keyPath: path] = result }
        }
        self.init(.value(read), path, description, fallback: fallback, fault: fault, identify: identify)
    }

    /// Declares a key for text.
    ///
    /// - Parameter expectation: What the text is, as errors say it.
    convenience init(
        text key: String,
        _ path: JobKeyPath<Owner, String>,
        alias: String? = nil,
        isRequired: Bool = false,
        expectation: String,
        fault: (@Sendable (String) -> JobIssue.Problem?)? = nil,
        identify: (@Sendable (String, inout StableHash) -> Void)? = nil,
        _ help: String
    ) {
        let description = ParameterDescription(
            key: key,
            propertyName: alias ?? key,
            help: help,
            type: .worded(.text, expectation: expectation),
            presence: isRequired ? .required : .optional(default: .string(Owner.unset[keyPath: path]))
        )
        self.init(.text(path), path, description, fault: fault, identify: identify)
    }

    /// Declares a key for the names of tasks.
    convenience init(
        names key: String,
        _ path: JobKeyPath<Owner, [String]>,
        alias: String? = nil,
        identify: (@Sendable ([String], inout StableHash) -> Void)? = nil,
        _ help: String
    ) {
        let description = ParameterDescription(
            key: key,
            propertyName: alias ?? key,
            help: help,
            type: .worded(.list(.text, isSet: false), expectation: "a list of task names ([] for none)"),
            presence: .optional(default: [])
        )
        self.init(.names(path), path, description, identify: identify)
    }

    /// Declares the key for the parameters of a type.
    ///
    /// Whether one of them is secret is known by the type, so only their names may be printed.
    convenience init(
        parameters key: String,
        _ path: JobKeyPath<Owner, OrderedDictionary<String, ParameterValue>>,
        identify: (@Sendable (OrderedDictionary<String, ParameterValue>, inout StableHash) -> Void)? = nil,
        _ help: String
    ) {
        let type = TypeDescription.mapping(key: .text, value: .any)
        let description = ParameterDescription(
            key: key,
            propertyName: key,
            help: help,
            type: .worded(type, expectation: "a mapping of parameters ({} for none)"),
            presence: .optional(default: nil)
        )
        self.init(
            .parameters(path),
            path,
            description,
            show: { Array($0.keys) },
            identify: identify
        )
    }
}
