public import FlowmancerCore

/// Job definitions in YAML 1.2.
///
/// Unquoted scalars follow the core schema (`yes` and `on` are text) and have their variables expanded: `$ENV{NAME}`,
/// `$VAR{name:default}`, `$SYS{APP_ROOT_DIR}`; `$$ENV{NAME}` stands for the literal text. Quoted scalars and blocks
/// (`|`, `>`) are literal. Anchors, aliases and merge keys work within a file. Included files may be YAML or JSON.
///
/// A `loggers`, `extensions` or `checkpointer` section with nothing behind it means the default, as if it were left
/// out; `loggers: {}` and `extensions: {}` mean none.
public struct YAMLJobDefinitionFormat: JobDefinitionFormat {
    /// `yaml`, as `--type` names it.
    public let key = "yaml"

    /// Creates the format.
    public init() {}

    /// Reads a job from a YAML file and what it includes.
    ///
    /// - Throws: `InvalidJobError` with everything that is wrong.
    public func load(_ path: String, context: JobLoadingContext) throws -> LoadedJob {
        try loadPartially(path, context: context).get()
    }

    /// Writes a job as YAML that loads back equal.
    public func dump(_ job: JobDefinition) throws -> String {
        var writer = YAMLWriter()
        writer.write(try JobTree.make(job))
        return writer.text
    }
}

extension YAMLJobDefinitionFormat: PartialJobLoading {
    package func loadPartially(_ path: String, context: JobLoadingContext) -> PartialJob {
        JobFileLoader.load(path, syntax: .yaml, context: context)
    }

    package func loadHistory(_ path: String, context: JobLoadingContext) -> JobHistory {
        JobFileLoader.loadHistory(path, syntax: .yaml, context: context)
    }
}
