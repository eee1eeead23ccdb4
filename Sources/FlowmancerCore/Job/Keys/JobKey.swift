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
        /// A job in the place of a type: a mapping, or the path of a file. Its tasks become tasks beside the owner.
        case job(JobKeyPath<Owner, SubJob?>)
        /// An expression; whatever quotes it has in a file, it is no text.
        case expression(JobKeyPath<Owner, TaskCondition?>)
        /// Any other value; what does not fit is added to the issues.
        case value(@Sendable (ParameterValue, ParameterPath, inout Owner, inout [JobIssue]) -> Void)
    }

    /// The key, and another spelling of it.
    package let key: String
    package let alias: String?
    /// Whether every owner has to have the key, or the one that can stand in its place.
    package let isRequired: Bool
    package let substitute: String?
    package let form: Form
    /// Whether variables that are known in the run only may stand in the value.
    package let takesValuesOfRun: Bool
    /// The key of the job that holds for a task without this one.
    package let fallback: ParameterPath?
    /// Returns the value as a job file has it; `nil` if it is that of an owner of which no file sets anything.
    let write: @Sendable (Owner, () -> ParameterPath, inout [JobIssue]) -> ParameterValue?
    /// Returns what is wrong with the value of an owner that was made in code; `nil` if any value will do.
    let fault: (@Sendable (Owner) -> JobIssue.Problem?)?
    /// Returns what may be printed of the value.
    let show: @Sendable (Owner) -> Any
    /// Adds the value to the digest of what a task does; `nil` if it has no part in that.
    let identify: (@Sendable (Owner, inout StableHash) -> Void)?
    private let help: String
    private let type: @Sendable () -> TypeDescription
    private let defaultValue: @Sendable () -> ParameterValue?

    private init<Value: JobKeyValue>(
        _ key: String,
        _ form: Form,
        _ path: JobKeyPath<Owner, Value>,
        alias: String?,
        isRequired: Bool = false,
        substitute: String? = nil,
        type: @escaping @Sendable () -> TypeDescription,
        fallback: ParameterPath? = nil,
        fault: (@Sendable (Owner) -> JobIssue.Problem?)? = nil,
        takesValuesOfRun: Bool = false,
        show: @escaping @Sendable (Value) -> Any = { $0 },
        identify: (@Sendable (Owner, inout StableHash) -> Void)?,
        _ help: String
    ) {
        let unset = Owner.unset[keyPath: path]
        self.key = key
        self.alias = alias
        self.isRequired = isRequired
        self.substitute = substitute
        self.form = form
        self.takesValuesOfRun = takesValuesOfRun
        self.fallback = fallback
        self.help = help
        self.type = type
        defaultValue = { ParameterValue(describing: unset) }
        write = { owner, place, issues in
            let value: Value = owner[keyPath: path]
            guard isRequired || value != unset else { return nil }
            return value.written(at: place(), issues: &issues)
        }
        self.show = { owner in show(owner[keyPath: path]) }
        self.fault = fault
        self.identify = identify
    }

    /// What the author of a job file can know of the key. It is made anew each time: most runs never ask.
    package var description: ParameterDescription {
        ParameterDescription(
            key: key,
            propertyName: alias ?? key,
            help: help,
            type: type(),
            presence: isRequired ? .required : .optional(default: defaultValue())
        )
    }

    /// What has to stand under the key, as errors say it.
    package var expectation: String { type().expectation }

    /// Declares a key for a value of some type.
    ///
    /// - Parameter set: Sets the value. Give it for a computed property, which takes much longer to set by its key path.
    convenience init<Value: JobKeyValue>(
        _ key: String,
        _ path: JobKeyPath<Owner, Value>,
        set: (@Sendable (inout Owner, Value) -> Void)? = nil,
        alias: String? = nil,
        type: TypeDescription? = nil,
        fallback: ParameterPath? = nil,
        fault: (@Sendable (Owner) -> JobIssue.Problem?)? = nil,
        takesValuesOfRun: Bool = false,
        identify: (@Sendable (Owner, inout StableHash) -> Void)? = nil,
        _ help: String
    ) {
        let read: @Sendable (ParameterValue, ParameterPath, inout Owner, inout [JobIssue]) -> Void = {
            guard let result = Value.read($0, at: $1, issues: &$3) else { return }
            if let set { set(&$2, result) } else { $2[keyPath: path] = result }
        }
        self.init(
            key,
            .value(read),
            path,
            alias: alias,
            type: { type ?? Value.forms },
            fallback: fallback,
            fault: fault,
            takesValuesOfRun: takesValuesOfRun,
            identify: identify,
            help
        )
    }

    /// Declares a key for text.
    ///
    /// - Parameter expectation: What the text is, as errors say it.
    convenience init(
        text key: String,
        _ path: JobKeyPath<Owner, String>,
        alias: String? = nil,
        isRequired: Bool = false,
        substitute: String? = nil,
        expectation: String,
        fault: (@Sendable (Owner) -> JobIssue.Problem?)? = nil,
        identify: (@Sendable (Owner, inout StableHash) -> Void)? = nil,
        _ help: String
    ) {
        self.init(
            key,
            .text(path),
            path,
            alias: alias,
            isRequired: isRequired,
            substitute: substitute,
            type: { .worded(.text, expectation: expectation) },
            fault: fault,
            identify: identify,
            help
        )
    }

    /// Declares a key for the names of tasks.
    convenience init(
        names key: String,
        _ path: JobKeyPath<Owner, [String]>,
        alias: String? = nil,
        identify: (@Sendable (Owner, inout StableHash) -> Void)? = nil,
        _ help: String
    ) {
        self.init(
            key,
            .names(path),
            path,
            alias: alias,
            type: { .worded(.list(.text, isSet: false), expectation: "a list of task names ([] for none)") },
            identify: identify,
            help
        )
    }

    /// Declares a key for an expression.
    convenience init(
        expression key: String,
        _ path: JobKeyPath<Owner, TaskCondition?>,
        fault: (@Sendable (Owner) -> JobIssue.Problem?)? = nil,
        _ help: String
    ) {
        self.init(
            key,
            .expression(path),
            path,
            alias: nil,
            type: { TaskCondition.forms },
            fault: fault,
            identify: nil,
            help
        )
    }

    /// Declares the key for a job within the job. Its tasks are written by those who write the job.
    convenience init(job key: String, _ path: JobKeyPath<Owner, SubJob?>, _ help: String) {
        self.init(key, .job(path), path, alias: nil, type: { SubJob.forms }, identify: nil, help)
    }

    /// Declares a key for values that have any name and form, and may be known in the run only.
    ///
    /// Some may be secret, so only their names may be printed.
    convenience init(
        values key: String,
        _ path: JobKeyPath<Owner, OrderedDictionary<String, ParameterValue>>,
        expectation: String,
        _ help: String
    ) {
        self.init(
            key,
            .parameters(path),
            path,
            alias: nil,
            type: { .worded(.mapping(key: .text, value: .any), expectation: expectation) },
            takesValuesOfRun: true,
            show: { Array($0.keys) },
            identify: nil,
            help
        )
    }

    /// Declares the key for the parameters of a type.
    ///
    /// Whether one of them is secret is known by the type, so only their names may be printed.
    convenience init(
        parameters key: String,
        _ path: JobKeyPath<Owner, OrderedDictionary<String, ParameterValue>>,
        takesValuesOfRun: Bool = false,
        identify: (@Sendable (Owner, inout StableHash) -> Void)? = nil,
        _ help: String
    ) {
        let expectation = "a mapping of parameters ({} for none)"
        self.init(
            key,
            .parameters(path),
            path,
            alias: nil,
            type: { .worded(.mapping(key: .text, value: .any), expectation: expectation) },
            takesValuesOfRun: takesValuesOfRun,
            show: { Array($0.keys) },
            identify: identify,
            help
        )
    }
}
