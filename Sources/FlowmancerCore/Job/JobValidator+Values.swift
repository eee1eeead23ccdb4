import OrderedCollections

extension JobValidator {
    /// Checks the variables of a task that are known in the run only: that what they name exists, and fits where it is used.
    mutating func checkVariables(of number: Int, _ name: String, _ task: TaskDefinition) {
        let path = ParameterPath("tasks", name)
        for (reference, offset) in task.when?.references ?? []
        where reference.kind == .output || reference.kind == .item {
            guard let problem = problem(with: reference, of: number, task, itself: true, offset) else { continue }
            report(problem, at: path.appending("when"))
        }
        let parameters = task.holdsTemplates ? try? catalog.kind(of: task).get().parameters.description : nil
        var found: [JobIssue] = []
        task.forEachTemplate(at: path) { template, place in
            let isList = place.components.dropFirst(2).first == .key("for_each")
            for reference in template.references {
                guard let problem = problem(with: reference, of: number, task, itself: !isList, nil) else { continue }
                found.append(JobIssue(problem, at: place))
            }
            guard let parameters, place.components.dropFirst(2).first == .key("parameters"),
                let type = parameters.type(at: place.components.dropFirst(3))
            else { return }
            let isSecret = parameters.find(place.components.dropFirst(3)).isSecret
            if let problem = mismatch(template, of: number, type, isSecret: isSecret) {
                found.append(JobIssue(problem, at: place))
            }
        }
        issues += found
    }

    /// What is wrong with a variable by itself, and by what it names; `nil` if nothing is.
    ///
    /// - Parameter itself: Whether the task's own items are meant, too.
    private mutating func problem(
        with reference: ExpressionReference,
        of number: Int,
        _ task: TaskDefinition,
        itself: Bool,
        _ offset: Int?
    ) -> JobIssue.Problem? {
        let variable: VariableProblem?
        switch reference.kind {
        case .variable, .environment, .system: variable = .knownInFilesOnly(reference.label)
        case .state: variable = .stateInText(reference.label)
        case .item: variable = hasItem(number, reference, itself: itself) ? nil : .withoutItem(reference.label)
        case .output, .shared: variable = reference.malformation
        }
        // What a file has can be written.
        let isWritable = job.sourceMap != nil || reference.isWritable
        if let variable = variable ?? (isWritable ? nil : .unwritable(reference.label)) {
            return offset.map { .expression(.variable(variable), offset: $0) } ?? .variable(variable)
        }
        guard let output = reference.outputName else { return nil }
        guard let place = scopes.source(of: reference, from: number)?.place else {
            if let problem = scopes.problem(ofPlain: output.task, from: number) {
                return .item(problem, offset: offset)
            }
            let known = scopes.knownNames(from: number)
            return offset.map { .unknownTaskInExpression(output.task, known: known, offset: $0) }
                ?? .unknownTask(output.task, known: known)
        }
        if place.task == number { return .expression(.ownOutput, offset: offset ?? 0) }
        if let problem = problem(with: place, from: number) { return .item(problem, offset: offset) }
        guard let published = outputs(of: place.task), !published.contains(where: { $0.key == output.output }) else {
            return nil
        }
        let unknown = UnknownOutput(task: output.task, output: output.output, known: published.map(\.key))
        return .expression(.unknownOutput(unknown), offset: offset ?? 0)
    }

    /// Whether a task has an item that it runs for: its own, or that of a job around it, unless a file lies in between.
    private func hasItem(_ task: Int, _ reference: ExpressionReference, itself: Bool) -> Bool {
        let around = [task] + scopes.ancestors(of: task)
        guard reference.level < around.count else { return false }
        for (position, number) in around.enumerated().dropFirst(Int(reference.level)) {
            if position > Int(reference.level), job.tasks.values[number].subJob?.file != nil { return false }
            let isOwn = position == 0 && !itself
            if job.tasks.values[number].forEach != nil, !isOwn { return true }
        }
        return false
    }

    /// What a task publishes; `nil` if its type does not say, as a command does not.
    private func outputs(of task: Int) -> [OutputDescription]? {
        let definition = job.tasks.values[task]
        guard definition.subJob == nil, let kind = try? catalog.kind(of: definition).get(), kind.runtime == .swift
        else { return nil }
        return kind.parameters.description.outputs
    }

    /// Why a parameter cannot take what a template will stand for; `nil` if it can, or if that is not known.
    private func mismatch(
        _ template: ValueTemplate,
        of task: Int,
        _ type: TypeDescription,
        isSecret: Bool
    ) -> JobIssue.Problem? {
        guard let reference = template.whole else {
            return type.takesText ? nil : .wrongValue(expected: type.expectation, found: "text with variables in it")
        }
        if let value = reference.defaultValue, !isSecret, type.refuses(value) {
            return .wrongValue(expected: type.expectation, found: "the default \(value.embeddedText.printable)")
        }
        guard let output = reference.outputName, let (place, reader) = scopes.source(of: reference, from: task),
            let published = outputs(of: place.task)?.first(where: { $0.key == output.output })
        else { return nil }
        // A group publishes a list: what each of its tasks does.
        let isGroup = job.tasks.values[place.task].forEach != nil && place.keys[place.task] == nil
        let depth = scopes.openGroups(on: place, from: reader).count + (isGroup ? 1 : 0)
        let own = (0..<depth).reduce(published.type) { type, _ in .list(type, isSet: false) }
        guard !type.mayTake(own) else { return nil }
        return .publishedOtherwise(expected: type.expectation, task: output.task, output: output.output, as: own.words)
    }
}
