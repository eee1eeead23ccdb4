public import FlowmancerCore

extension TypeCatalog {
    /// Every task, logger, extension and checkpointer type in the executable.
    public static func discovered() -> TypeCatalog {
        var catalog = TypeCatalog()
        let protocols: [Any.Type] = [
            (any FlowTask).self, (any FlowLogger).self, (any FlowExtension).self, (any FlowCheckpointer).self,
        ]
        for conformance in ConformanceScan.conformances(to: protocols) {
            switch conformance.protocolIndex {
            case 0: conformance.type(as: (any FlowTask.Type).self).map { catalog.add($0) }
            case 1: conformance.type(as: (any FlowLogger.Type).self).map { catalog.add($0) }
            case 2: conformance.type(as: (any FlowExtension.Type).self).map { catalog.add($0) }
            default: conformance.type(as: (any FlowCheckpointer.Type).self).map { catalog.add($0) }
            }
        }
        return catalog
    }
}
