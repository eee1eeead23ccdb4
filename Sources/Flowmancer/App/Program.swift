import FlowmancerEngine

/// What a ``FlowmancerApp`` brings along for its commands.
struct Program: Sendable {
    let formats: [any JobDefinitionFormat]
    let defaultJobFile: String?
    let catalog: TypeCatalog
    /// Started before anything else, if the command is to run a job.
    let keeper: EarlyKeeper?
}
