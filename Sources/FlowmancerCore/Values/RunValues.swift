/// What is known in a run of the variables of its tasks.
///
/// A pure value: whoever carries out ``SchedulerAction/prepare(_:)`` asks it, and says how far the run is.
package struct RunValues {
    /// What the run knows at this moment.
    package struct Moment {
        package var state: (Int) -> ExecutionState
        /// What a completed task published.
        package var outputs: (Int) -> JSONText?
        package var shared: (String) -> JSONText?

        package init(
            state: @escaping (Int) -> ExecutionState,
            outputs: @escaping (Int) -> JSONText?,
            shared: @escaping (String) -> JSONText?
        ) {
            self.state = state
            self.outputs = outputs
            self.shared = shared
        }
    }

    /// What the task published that was asked for last: many tasks may use it one after the other.
    private var last: (task: Int, outputs: TaskOutputs)?

    package init() {}

    /// Looks up a variable as a task or group of the run sees it.
    package mutating func lookup(
        _ reference: ExpressionReference,
        of node: Int,
        in roster: TaskRoster,
        at moment: Moment
    ) -> ExpressionLookup {
        switch reference.kind {
        case .state:
            guard let other = roster.node(askedForBy: reference, for: node) else { return .missing() }
            return .value(.string(moment.state(other).description))
        case .shared:
            guard let text = moment.shared(reference.name) else { return .missing() }
            return ParameterValue(json: text).map(ExpressionLookup.value) ?? .unreadable
        case .output:
            guard let name = reference.outputName, let source = roster.source(of: reference, for: node) else {
                return .missing()
            }
            return lookup(name.output, of: source, reference, in: roster, at: moment)
        case .item:
            return roster.lookup(item: reference, for: node)
        case .variable, .environment, .system:
            return .missing()
        }
    }

    /// What a group published is a list, with a value for each of its items.
    private mutating func lookup(
        _ output: String,
        of source: TaskRoster.Source,
        _ reference: ExpressionReference,
        in roster: TaskRoster,
        at moment: Moment
    ) -> ExpressionLookup {
        guard roster.role(of: source.node) == .list else {
            return lookup(output, of: source.node, named: roster.names[source.node], at: moment)
        }
        var values: [ParameterValue] = []
        for member in roster.members(of: source) {
            let value = member.map { lookup(output, of: $0, reference, in: roster, at: moment) } ?? .missing()
            switch value {
            case .value(let value): values.append(value)
            case .missing, .unknown, .unreadable: values.append(reference.defaultValue ?? .null)
            }
        }
        return .value(.array(values))
    }

    /// Why a task that ended so has published nothing.
    static func reason(for state: ExecutionState, of task: String) -> String { "'\(task)' \(state.asReason)" }

    private mutating func lookup(
        _ output: String,
        of source: Int,
        named name: String,
        at moment: Moment
    ) -> ExpressionLookup {
        let state = moment.state(source)
        guard state == .completed else { return .missing(because: Self.reason(for: state, of: name)) }
        guard let json = moment.outputs(source) else { return .missing(because: "'\(name)' published nothing") }
        if last?.task != source { last = TaskOutputs(json).map { (source, $0) } }
        guard let outputs = last?.outputs, last?.task == source else { return .unreadable }
        if let value = outputs.values[output] {
            return ParameterValue(json: value).map(ExpressionLookup.value) ?? .unreadable
        }
        let names = outputs.values.keys
        let nearest = output.nearest(among: Array(names)).map { "; did you mean '\($0)'?" } ?? ""
        let shown = names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", …" : "")
        let published = names.isEmpty ? "nothing" : "no '\(output)', only \(shown)"
        return .missing(because: "'\(name)' published \(published)\(nearest)")
    }
}

extension ExecutionState {
    /// Why a task that ended so has published nothing.
    fileprivate var asReason: String {
        switch self {
        case .failed: "failed"
        case .skipped: "was skipped"
        case .defaulted: "was not run"
        case .aborted: "was aborted"
        default: "has not completed"
        }
    }
}

extension ExpressionReference {
    /// Looks up what a variable of an item stands for: the item itself, or a field of it.
    package func lookup(in item: ParameterValue) -> ExpressionLookup {
        guard !name.isEmpty else { return .value(item) }
        guard case .object(let members) = item else {
            return .missing(because: "the item is \(ExpressionProblem.Kind(item).rawValue), which has no fields")
        }
        if let value = members[name] { return .value(value) }
        let nearest = name.nearest(among: Array(members.keys)).map { "; did you mean '\($0)'?" } ?? ""
        return .missing(because: "the item has no field '\(name)'\(nearest)")
    }
}
