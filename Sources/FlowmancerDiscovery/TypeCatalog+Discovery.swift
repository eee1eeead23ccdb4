public import FlowmancerCore

extension TypeCatalog {
    /// Every task, executor, logger, extension, checkpointer and history type in the executable, except generic types and
    /// classes that inherit the conformance.
    public static func discovered() -> TypeCatalog {
        var catalog = TypeCatalog()
        // In the order of the kinds.
        let protocols: [Any.Type] = [
            (any FlowTask).self, (any FlowExecutor).self, (any FlowLogger).self, (any FlowExtension).self,
            (any FlowCheckpointer).self, (any FlowHistory).self,
        ]
        let findings = ConformanceScan.conformances(to: protocols)
        for conformance in findings.conformances {
            switch conformance.protocolIndex {
            case 0: conformance.type(as: (any FlowTask.Type).self).map { catalog.add(.of($0)) }
            case 1: conformance.type(as: (any FlowExecutor.Type).self).map { catalog.add($0) }
            case 2: conformance.type(as: (any FlowLogger.Type).self).map { catalog.add($0) }
            case 3: conformance.type(as: (any FlowExtension.Type).self).map { catalog.add($0) }
            case 4: conformance.type(as: (any FlowCheckpointer.Type).self).map { catalog.add($0) }
            default: conformance.type(as: (any FlowHistory.Type).self).map { catalog.add($0) }
            }
        }
        let kinds = JobIssue.NamedKind.allCases
        for generic in findings.generics {
            catalog.noteGenericType(generic.name, of: kinds[generic.protocolIndex])
        }
        catalog.errorTypes = errorTypes
        return catalog
    }

    /// Returns the names of every error type in the program, except classes that inherit the conformance.
    @Sendable private static func errorTypes() -> [String] {
        let findings = ConformanceScan.conformances(to: [(any Error).self])
        let types = findings.conformances.compactMap { $0.type(as: (any Error.Type).self) }
        return types.map { TypeName.qualified($0) } + findings.generics.map(\.name)
    }
}
