/// A way of writing job definitions to files: YAML, JSON, or one's own.
public protocol JobDefinitionFormat: Sendable {
    /// The name by which `--type` chooses the format.
    var key: String { get }

    /// Reads a job, with everything that it includes.
    ///
    /// - Parameters:
    ///   - path: The path of the file, relative to the working directory.
    ///   - context: What the file's variables and includes refer to.
    /// - Returns: The job and the warnings about it.
    /// - Throws: ``InvalidJobError`` with everything that is wrong.
    func load(_ path: String, context: JobLoadingContext) throws -> LoadedJob

    /// Writes a job as text from which ``load(_:context:)`` makes an equal job.
    func dump(_ job: JobDefinition) throws -> String
}

/// A job as a format read it.
public struct LoadedJob: Sendable {
    /// The job.
    public var definition: JobDefinition
    /// What is doubtful in its files, but no error.
    public var warnings: [JobIssue]

    /// Creates a result.
    public init(_ definition: JobDefinition, warnings: [JobIssue] = []) {
        self.definition = definition
        self.warnings = warnings
    }
}

/// What the variables and includes of a job file refer to.
public struct JobLoadingContext: Sendable {
    /// The directory that relative paths in a job start from; `$SYS{APP_ROOT_DIR}`.
    public var appRoot: String
    /// The values of `$ENV{…}`.
    public var environment: [String: String]
    /// The values of `$VAR{…}`.
    public var variables: [String: String]

    /// Creates a context.
    public init(appRoot: String, environment: [String: String] = [:], variables: [String: String] = [:]) {
        self.appRoot = appRoot
        self.environment = environment
        self.variables = variables
    }
}
