import FlowmancerEngine

/// What a ``FlowmancerApp`` says of itself.
package struct ProgramDescription: Sendable {
    /// The version of the program; `nil` if it has none.
    package var version: String?
    var defaultJobFile: String?
    var formats: [any JobDefinitionFormat] = [YAMLJobDefinitionFormat(), JSONJobDefinitionFormat()]
    /// The commands that products add.
    var addedCommands: [any JobCommand.Type] = []
    /// Finds the types of the program, which takes a moment.
    var makeCatalog: @Sendable () -> TypeCatalog = { TypeCatalog() }

    /// The program whose command line is being read: help and completion depend on it.
    @TaskLocal static var current = ProgramDescription()
}

/// What a ``FlowmancerApp`` brings along for its commands.
package struct Program: Sendable {
    package let description: ProgramDescription
    package let catalog: TypeCatalog
    /// Started before anything else, if the command is to run a job.
    let keeper: EarlyKeeper?

    init(_ description: ProgramDescription, keeper: EarlyKeeper? = nil) {
        self.description = description
        catalog = description.makeCatalog()
        self.keeper = keeper
    }
}
