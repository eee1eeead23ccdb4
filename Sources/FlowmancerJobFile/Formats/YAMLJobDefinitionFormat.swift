public import FlowmancerCore

/// Job definitions in YAML 1.2.
///
/// Plain scalars follow the core schema: `yes` and `on` are text. Variables are replaced in plain scalars:
/// `$ENV{NAME}`, `$VAR{name:default}`, `$SYS{APP_ROOT_DIR}`; `$$ENV{NAME}` is the literal text `$ENV{NAME}`. In quoted
/// scalars and blocks (`|`, `>`), they are replaced after the tag `!sub`. Anchors, aliases and merge keys work within
/// a file. Included files can be YAML or JSON.
///
/// An empty `loggers`, `extensions`, `checkpointer` or `history` section means the default, as if the section were missing.
/// `loggers: {}` and `extensions: {}` mean none.
public struct YAMLJobDefinitionFormat: JobDefinitionFormat {
    /// The value of `--type` that selects the format: `yaml`.
    public let key = "yaml"

    /// Creates the format.
    public init() {}

    /// Reads a job from a YAML file and the files that it includes.
    ///
    /// - Parameters:
    ///   - path: The path of the file, relative to the working directory, or `-` for the standard input.
    ///   - context: The values of variables, and the directory that includes start from.
    /// - Throws: `InvalidJobError` with all errors.
    public func load(_ path: String, context: JobLoadingContext) throws -> LoadedJob {
        try loadPartially(path, context: context).get()
    }

    /// Writes a job as YAML, from which ``load(_:context:)`` makes an equal job.
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
