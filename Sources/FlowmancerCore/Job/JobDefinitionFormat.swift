/// A file format for job definitions: YAML, JSON, or your own.
public protocol JobDefinitionFormat: Sendable {
    /// The value of `--type` that selects the format.
    var key: String { get }

    /// Reads a job and the files that it includes.
    ///
    /// - Parameters:
    ///   - path: The path of the file, relative to the working directory. The program passes `-` on as it stands; the
    ///     formats for YAML and JSON then read the standard input.
    ///   - context: The values of variables, and the directory that includes start from.
    /// - Returns: The job and the warnings about it.
    /// - Throws: ``InvalidJobError`` with all errors.
    func load(_ path: String, context: JobLoadingContext) throws -> LoadedJob

    /// Writes a job as text from which ``load(_:context:)`` makes an equal job.
    func dump(_ job: JobDefinition) throws -> String
}

/// A job that was read from a file.
public struct LoadedJob: Sendable {
    /// The job.
    public var definition: JobDefinition
    /// The warnings about its files.
    public var warnings: [JobIssue]

    /// Creates a result.
    public init(_ definition: JobDefinition, warnings: [JobIssue] = []) {
        self.definition = definition
        self.warnings = warnings
    }
}

/// The values of a job file's variables, and the directory that its includes start from.
public struct JobLoadingContext: Sendable {
    /// The directory that relative paths in a job start from, and the value of `$SYS{APP_ROOT_DIR}`.
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
