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
        holdsTemplates || when != nil || forEach != nil || subJob != nil || timeout?.template != nil
    }

    /// Calls `body` with every value of the task that is known in the run only, but its condition, and with its path.
    package func forEachTemplate(at path: ParameterPath, _ body: (ValueTemplate, ParameterPath) -> Void) {
        if holdsTemplates {
            ParameterValue.object(parameters).forEachTemplate(at: path.appending("parameters"), body)
        }
        if let template = timeout?.template { body(template, path.appending("timeout")) }
        if let forEach { forEach.items.forEachTemplate(at: path.appending("for_each").appending("items"), body) }
        if let subJob {
            ParameterValue.object(subJob.variables).forEachTemplate(at: path.appending("variables"), body)
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
        if let forEach { forEach.items.forEachReference(body) }
        if let subJob { for value in subJob.variables.values { value.forEachReference(body) } }
    }

    /// The variables that have to be known before the first attempt, and are recorded then: those of the attempt, without the
    /// item, which is known by itself.
    package var boundReferences: [ExpressionReference] {
        guard holdsTemplates || timeout?.template != nil else { return [] }
        var references: [ExpressionReference] = []
        func add(_ reference: ExpressionReference) {
            if reference.kind == .output || reference.kind == .shared { references.append(reference) }
        }
        for value in parameters.values { value.forEachReference(add) }
        for reference in timeout?.template?.references ?? [] { add(reference) }
        return references
    }
}

extension JobDefinition {
    /// Returns the number of the task that a name means within a task. A name belongs to the job that the task is a part of,
    /// and then to the jobs around it.
    package func number(of name: String, within task: TaskDefinition) -> Int? {
        var scope = task.parent
        while let parent = scope {
            if let number = tasks.index(forKey: "\(parent)/\(name)") { return number }
            scope = tasks[parent]?.parent
        }
        return tasks.index(forKey: name)
    }

    /// Returns the task that a variable of a task was written for: a task, or one that stands for a job around it.
    package func owner(of reference: ExpressionReference, in task: TaskDefinition) -> TaskDefinition? {
        var owner = task
        for _ in 0..<reference.level {
            guard let parent = owner.parent.flatMap({ tasks[$0] }) else { return nil }
            owner = parent
        }
        return owner
    }

    /// Returns the number of the task whose output a variable of a task is.
    package func source(of reference: ExpressionReference, in task: TaskDefinition) -> Int? {
        guard let name = reference.outputName, let owner = owner(of: reference, in: task) else { return nil }
        return number(of: name.task, within: owner)
    }

    /// The tasks whose outputs a task uses, by their numbers.
    package func sources(of task: TaskDefinition) -> [Int] {
        var sources: [Int] = []
        task.forEachReference { reference in
            if reference.kind == .output, let source = source(of: reference, in: task) { sources.append(source) }
        }
        return sources
    }
}
