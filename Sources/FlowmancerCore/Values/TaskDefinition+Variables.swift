extension TaskDefinition {
    /// A variable of a task, and where it stands.
    package struct Variable {
        package let reference: ExpressionReference
        package let path: ParameterPath
        /// The place in an expression, in Unicode scalars; `nil` in any other value.
        package let offset: Int?
    }

    /// Whether there are variables in the task that are known in the run only. Most tasks have none.
    package var hasVariables: Bool {
        guard hasRareSettings else { return holdsTemplates }
        return holdsTemplates || when != nil || forEach != nil || subJob != nil || reuse != nil
            || timeout?.template != nil || hasOpenResources
    }

    /// Calls `body` with every value of the task that is known in the run only, but its condition, and with its path.
    package func forEachTemplate(at path: ParameterPath, _ body: (ValueTemplate, ParameterPath) -> Void) {
        if holdsTemplates {
            ParameterValue.object(parameters).forEachTemplate(at: path.appending("parameters"), body)
        }
        if let template = timeout?.template { body(template, path.appending("timeout")) }
        for (place, value) in openResources(at: path) { value.forEachTemplate(at: place, body) }
        if let forEach { forEach.items.forEachTemplate(at: path.appending("for_each").appending("items"), body) }
        if let reuse {
            let path = path.appending("reuse")
            reuse.inputs.forEachTemplate(at: path.appending("inputs"), body)
            reuse.produces.forEachTemplate(at: path.appending("produces"), body)
            reuse.version?.forEachTemplate(at: path.appending("version"), body)
        }
        if let subJob {
            ParameterValue.object(subJob.variables).forEachTemplate(at: path.appending("variables"), body)
        }
    }

    /// What the attempts ask for, as far as it is known in the run only.
    private func openResources(at path: ParameterPath) -> [(path: ParameterPath, value: ParameterValue)] {
        guard hasOpenResources else { return [] }
        return resources.compactMap { name, request in
            request.open.map { (path.appending("resources").appending(name), $0) }
        }
    }

    /// The variables of the task that are known in the run only, wherever they stand.
    package func variables(at path: ParameterPath = ParameterPath()) -> [Variable] {
        guard hasVariables else { return [] }
        var variables: [Variable] = []
        for (reference, offset) in when?.references ?? [] {
            variables.append(Variable(reference: reference, path: path.appending("when"), offset: offset))
        }
        forEachTemplate(at: path) { template, path in
            for reference in template.references {
                variables.append(Variable(reference: reference, path: path, offset: nil))
            }
        }
        return variables
    }

    /// Calls `body` with every variable of the task that is known in the run only, wherever it stands.
    func forEachReference(_ body: (ExpressionReference) -> Void) {
        guard hasVariables else { return }
        for (reference, _) in when?.references ?? [] { body(reference) }
        if holdsTemplates { for value in parameters.values { value.forEachReference(body) } }
        if let template = timeout?.template { for reference in template.references { body(reference) } }
        for (_, value) in openResources(at: ParameterPath()) { value.forEachReference(body) }
        if let forEach { forEach.items.forEachReference(body) }
        if let subJob { for value in subJob.variables.values { value.forEachReference(body) } }
        if let reuse {
            for value in [reuse.inputs, reuse.produces, reuse.version ?? .null] { value.forEachReference(body) }
        }
    }

    /// The variables that have to be known before the first attempt, and are recorded then: those of the attempt, without the
    /// item, which is known by itself.
    package var boundReferences: [ExpressionReference] {
        guard holdsTemplates || timeout?.template != nil || hasOpenResources else { return [] }
        var references: [ExpressionReference] = []
        func add(_ reference: ExpressionReference) {
            if reference.kind == .output || reference.kind == .shared { references.append(reference) }
        }
        for value in parameters.values { value.forEachReference(add) }
        for reference in timeout?.template?.references ?? [] { add(reference) }
        for (_, value) in openResources(at: ParameterPath()) { value.forEachReference(add) }
        return references
    }
}

extension JobScopes {
    /// Returns the task whose output a variable of a task is, and the one that has to wait for it.
    package func source(of reference: ExpressionReference, from task: Int) -> (place: TaskPlace, reader: Int)? {
        guard let name = reference.outputName else { return nil }
        return source(ofOutputOf: name.task, from: task, level: Int(reference.level))
    }

    /// The tasks whose outputs a task uses.
    package func sources(of task: Int, _ definition: TaskDefinition) -> [Int] {
        var sources: [Int] = []
        definition.forEachReference { reference in
            if reference.kind == .output, let source = source(of: reference, from: task) {
                sources.append(source.place.task)
            }
        }
        return sources
    }
}
