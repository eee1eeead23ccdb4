import OrderedCollections

/// What an attempt of a task needs to know of the run, and what its parameters take.
struct TaskBinding: Sendable {
    /// The variables whose values are recorded.
    let references: [ExpressionReference]
    private let parameters: OrderedDictionary<String, ParameterValue>
    private let timeout: ValueTemplate?
    /// What the attempts ask for, if some of it is known in the run only.
    private let resources: OrderedDictionary<String, ResourceRequest>?
    private let kind: KindParameters?
    private let path: ParameterPath

    /// - Returns: `nil` for a task whose values are all known beforehand.
    init?(_ name: String, _ task: TaskDefinition, _ kind: KindParameters?) {
        guard task.holdsTemplates || task.timeout?.template != nil || task.hasOpenResources else { return nil }
        references = task.boundReferences
        parameters = task.parameters
        timeout = task.timeout?.template
        resources = task.hasOpenResources ? task.resources : nil
        self.kind = kind
        path = ParameterPath("tasks", name)
    }

    /// Looks the values up, and finds out whether the task can run with them.
    func prepare(
        _ record: inout PreparationRecord,
        _ lookup: (ExpressionReference) -> ExpressionLookup
    ) -> Preparation {
        var bindings = RunBindings()
        var found: [ExpressionReference: ExpressionLookup] = [:]
        for reference in references where found[reference.bare] == nil {
            let value = lookup(reference)
            found[reference.bare] = value
            bindings.bind(reference, to: value)
        }
        return withoutActuallyEscaping(lookup) { [found] lookup in
            do throws(ValueError) {
                // What was not looked up is the item.
                var resolver = ValueResolver(at: ParameterPath("parameters")) { found[$0.bare] ?? lookup($0) }
                let values = try resolver.resolve(parameters, of: kind?.description)
                if let reason = reasonAgainst(values) { return failure(reason, &record) }
                var limits = ValueResolver(at: ParameterPath("timeout")) { found[$0.bare] ?? lookup($0) }
                let limit = try timeout.map { template throws(ValueError) in try TimeLimit(template, &limits) }
                let requests = try resources.map { requests throws(ValueError) in
                    try ResourceRequests(values: requests).resolved { found[$0.bare] ?? lookup($0) }
                }
                if !bindings.isEmpty { bindings.add(to: &record) }
                var preparation = Preparation(.run, record: record.json)
                preparation.bindings = bindings
                preparation.timeout = limit
                preparation.resources = requests?.values
                return preparation
            } catch {
                return failure("\(error.path): \(error.problem.wording)", &record)
            }
        }
    }

    /// Why the parameters do not take the values; `nil` if they do.
    private func reasonAgainst(_ values: OrderedDictionary<String, ParameterValue>) -> String? {
        guard let kind else { return nil }
        var issues: [JobIssue] = []
        ParameterProbe(kind).check(values, at: path.appending("parameters"), issues: &issues)
        guard let issue = issues.first(where: { $0.severity == .error }) else { return nil }
        return "\(ParameterPath(Array(issue.path.components.dropFirst(2)))): \(issue.message)"
    }

    private func failure(_ reason: String, _ record: inout PreparationRecord) -> Preparation {
        record.members["values"] = PreparationRecord.failed
        return Preparation(.fail, because: reason, record: record.json)
    }
}

extension Preparation {
    /// What an earlier run found out about a task or group, as far as it still holds: it runs, by the same condition and with
    /// the same values.
    ///
    /// - Parameter keepsValues: Whether the values still hold. If not, they are looked up anew.
    package init?(earlier json: JSONText, of task: TaskDefinition, as role: TaskRoster.Role, keepsValues: Bool) {
        let condition = task.when.flatMap { $0.isAsked(of: role) ? $0 : nil }
        let references = role.isGroup ? [] : task.boundReferences
        guard condition != nil || !references.isEmpty, let record = PreparationRecord(json) else { return nil }
        if let condition, !condition.holds(by: record) { return nil }
        self.init(.run, record: json)
        guard !references.isEmpty else { return }
        guard keepsValues, let bindings = RunBindings(record, of: references) else { return nil }
        self.bindings = bindings
        if task.hasOpenResources {
            let requests = try? ResourceRequests(values: task.resources).resolved { bindings.lookup($0) }
            guard let requests else { return nil }
            resources = requests.values
        }
        guard let template = task.timeout?.template else { return }
        var resolver = ValueResolver { bindings.lookup($0) }
        guard let limit = try? TimeLimit(template, &resolver) else { return nil }
        timeout = limit
    }
}
