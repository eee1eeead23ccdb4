public import FlowmancerCore

/// Job definitions in JSON (RFC 8259), with the same keys as in YAML.
///
/// Since JSON has no unquoted text, variables are expanded in all text: `$ENV{NAME}`, `$VAR{name:default}`,
/// `$SYS{APP_ROOT_DIR}`. `$$ENV{NAME}` stands for the literal text `$ENV{NAME}`. Included files may be JSON or YAML.
public struct JSONJobDefinitionFormat: JobDefinitionFormat {
    /// `json`, as `--type` names it.
    public let key = "json"

    /// Creates the format.
    public init() {}

    /// Reads a job from a JSON file and what it includes.
    ///
    /// - Throws: `InvalidJobError` with everything that is wrong.
    public func load(_ path: String, context: JobLoadingContext) throws -> LoadedJob {
        try loadPartially(path, context: context).get()
    }

    /// Writes a job as JSON that loads back equal.
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
