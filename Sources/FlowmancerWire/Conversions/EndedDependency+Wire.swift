package import FlowmancerCore

extension WireDependencyEnd {
    package init(_ end: EndedDependency) {
        self = .with {
            $0.name = end.name
            $0.state = end.state.description
            $0.reason = end.reason ?? ""
            $0.log = end.log ?? ""
        }
    }
}

extension EndedDependency {
    /// - Returns: `nil` for a state that this program does not know.
    package init?(_ end: WireDependencyEnd) {
        guard let state = ExecutionState(end.state) else { return nil }
        self.init(
            name: end.name,
            state: state,
            reason: end.reason.isEmpty ? nil : end.reason,
            log: end.log.isEmpty ? nil : end.log
        )
    }
}
