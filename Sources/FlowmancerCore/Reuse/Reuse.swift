/// When a task need not run again: `reuse` in a job file.
///
/// If nothing that counts changed since the task last completed, it is completed without an attempt, and its outputs are
/// published again. What counts is the type, the parameters, the contents of the inputs, the version, and that the products
/// are as the task left them. The code does not count: raise the version when you change it.
///
/// ```swift
/// job.tasks["report"]?.reuse = Reuse(inputs: ["data/*.csv"], produces: ["report.pdf"])
/// ```
/// Paths start from the app root. `*` and `?` stand for a part of a name, `**` for any directories in between. A directory
/// stands for all files in it.
public struct Reuse: Sendable, Hashable {
    /// The files that the task reads: a list of paths and patterns, or a variable whose value is one.
    public var inputs: ParameterValue
    /// The files that the task makes, like the inputs.
    public var produces: ParameterValue
    /// Anything that is to make the task run again when it changes: text, a number, a truth value or a variable.
    public var version: ParameterValue?

    /// Creates a rule for reuse.
    public init(inputs: [String] = [], produces: [String] = [], version: ParameterValue? = nil) {
        self.inputs = .array(inputs.map(ParameterValue.string))
        self.produces = .array(produces.map(ParameterValue.string))
        self.version = version
    }

    init(inputs: ParameterValue, produces: ParameterValue, version: ParameterValue?) {
        self.inputs = inputs
        self.produces = produces
        self.version = version
    }

    /// Why a task that is up to date is completed, in words.
    package static let upToDate = "up to date"

    /// The paths and patterns of a list, as far as they are known before the run.
    package static func knownPaths(in list: ParameterValue) -> [String] {
        switch list {
        case .string(let path): [path]
        case .array(let items): items.flatMap(knownPaths)
        case .null, .bool, .int, .double, .object, .template: []
        }
    }

    /// Whether something in it is only known in the run.
    package var isOpen: Bool {
        inputs.isOpen || produces.isOpen || version?.isOpen == true
    }

    /// The rule with the values of its variables.
    package func resolved(_ resolver: inout ValueResolver) throws(ValueError) -> Reuse {
        guard isOpen else { return self }
        return Reuse(
            inputs: try resolver.resolve(inputs),
            produces: try resolver.resolve(produces),
            version: try version.map { value throws(ValueError) in try resolver.resolve(value) }
        )
    }
}
