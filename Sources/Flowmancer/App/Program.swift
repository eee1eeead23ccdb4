/// What a ``FlowmancerApp`` brings along for its commands.
struct Program: Sendable {
    let formats: [any JobDefinitionFormat]
    let defaultJobFile: String?
    let catalog: TypeCatalog
}
