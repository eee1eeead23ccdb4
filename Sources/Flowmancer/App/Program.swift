import FlowmancerEngine

/// What a ``FlowmancerApp`` says of itself.
struct ProgramDescription: Sendable {
    /// The version of the program; `nil` if it has none.
    var version: String?
    var defaultJobFile: String?
    var formats: [any JobDefinitionFormat] = [YAMLJobDefinitionFormat(), JSONJobDefinitionFormat()]
    /// Finds the types of the program, which takes a moment.
    var makeCatalog: @Sendable () -> TypeCatalog = { TypeCatalog() }

    /// The program whose command line is being read: help and completion depend on it.
    @TaskLocal static var current = ProgramDescription()
}

/// What a ``FlowmancerApp`` brings along for its commands.
struct Program: Sendable {
    let description: ProgramDescription
    let catalog: TypeCatalog
    /// Started before anything else, if the command is to run a job.
    let keeper: EarlyKeeper?

    init(_ description: ProgramDescription, keeper: EarlyKeeper? = nil) {
        self.description = description
        catalog = description.makeCatalog()
        self.keeper = keeper
    }
}
