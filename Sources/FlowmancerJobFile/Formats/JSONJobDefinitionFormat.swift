public import FlowmancerCore

/// Job definitions in JSON (RFC 8259), with the same keys as in YAML.
///
/// Variables are replaced in all text: `$ENV{NAME}`, `$VAR{name:default}`, `$SYS{APP_ROOT_DIR}`. `$$ENV{NAME}` is the
/// literal text `$ENV{NAME}`. Included files can be JSON or YAML.
public struct JSONJobDefinitionFormat: JobDefinitionFormat {
    /// The value of `--type` that selects the format: `json`.
    public let key = "json"

    /// Creates the format.
    public init() {}

    /// Reads a job from a JSON file and the files that it includes.
    ///
    /// - Parameters:
    ///   - path: The path of the file, relative to the working directory, or `-` for the standard input.
    ///   - context: The values of variables, and the directory that includes start from.
    /// - Throws: `InvalidJobError` with all errors.
    public func load(_ path: String, context: JobLoadingContext) throws -> LoadedJob {
        try loadPartially(path, context: context).get()
    }

    /// Writes a job as JSON, from which ``load(_:context:)`` makes an equal job.
    public func dump(_ job: JobDefinition) throws -> String {
        var writer = JSONWriter(escapesVariables: true)
        try writer.write(try JobTree.make(job))
        return writer.text
    }
}

extension JSONJobDefinitionFormat: PartialJobLoading {
    package func loadPartially(_ path: String, context: JobLoadingContext) -> PartialJob {
        JobFileLoader.load(path, syntax: .json, context: context)
    }

    package func loadHistory(_ path: String, context: JobLoadingContext) -> JobHistory {
        JobFileLoader.loadHistory(path, syntax: .json, context: context)
    }
}
