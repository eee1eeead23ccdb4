public import FlowmancerCore

extension TypeCatalog {
    /// Every task, logger, extension and checkpointer type in the executable.
    public static func discovered() -> TypeCatalog {
        var catalog = TypeCatalog()
        let protocols: [Any.Type] = [
            (any FlowTask).self, (any FlowLogger).self, (any FlowExtension).self, (any FlowCheckpointer).self,
        ]
        for case let type as any ParameterGroup.Type in ConformanceScan.types(conformingTo: protocols) {
            catalog.register(type)
        }
        return catalog
    }
}
