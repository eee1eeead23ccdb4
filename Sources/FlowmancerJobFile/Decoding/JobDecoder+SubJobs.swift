import FlowmancerCore
import OrderedCollections

extension JobDecoder {
    private static let expectation = "a job file (its path from the app root), or a mapping with 'tasks' in it"

    /// Decodes what stands for a task: a job in its place, whose tasks join the others.
    ///
    /// - Parameter node: The mapping of the task.
    mutating func decodeSubJob(
        _ node: SourceMapping,
        of name: String,
        _ task: inout TaskDefinition
    ) -> SubJobTasks? {
        guard let job = node.entries["job"]?.value else {
            if node.entries["variables"] != nil {
                within(.key("variables")) {
                    $0.report(.rejectedValue(reason: "only a task with 'job' has 'variables'; write the value itself"))
                }
                task.subJob = nil
            }
            return nil
        }
        for key in node.entries.keys where TaskDefinition.keys[key] != nil && !SubJob.keysBeside.contains(key) {
            within(.key(key)) { $0.report(.keyBesideJob(key)) }
        }
        var subJob = task.subJob ?? SubJob()
        defer { task.subJob = subJob }
        return within(.key("job")) { decoder in
            guard decoder.depth < SubJobFiles.maximumDepth else {
                let limit = SubJobFiles.maximumDepth
                decoder.report(.limitExceeded("jobs contain each other more than \(limit) levels deep"))
                return nil
            }
            if case .mapping(let mapping) = job.content {
                guard mapping.entries["tasks"] != nil else {
                    decoder.report(.missingKey("tasks", expected: "a mapping of task names to tasks"))
                    return nil
                }
                return decoder.decodeMapping(mapping, job, of: name, subJob)
            }
            guard !job.isNull, let file = decoder.text(job, expected: Self.expectation) else {
                if job.isNull { decoder.report(.wrongValue(expected: Self.expectation, found: job.summary)) }
                return nil
            }
            // A NUL would end the path early and read another file than the one that is named.
            guard !file.isEmpty, !file.utf8.contains(0) else {
                decoder.report(.wrongValue(expected: Self.expectation, found: job.summary))
                return nil
            }
            subJob.file = file
            return decoder.decodeFile(file, of: name, subJob)
        }
    }

    /// The tasks of a job within a job, with full names.
    typealias SubJobTasks = OrderedDictionary<String, TaskDefinition>

    private mutating func decodeMapping(
        _ mapping: SourceMapping,
        _ node: SourceNode,
        of name: String,
        _ subJob: SubJob
    ) -> SubJobTasks {
        let scope = VariableScope(subJob.variables, within: expander.scope, isFile: false)
        warnOfUnused(subJob.variables, mentioned: node.mentionedVariables)
        let outer = mounts[parentName(of: name)]
        let own = outer.map { $0.prefix + ownSteps(of: name, $0) } ?? [.key("tasks"), .key(name)]
        mounts[name] = SubJobMount(root: node, prefix: own + [.key("job")], owner: outer?.owner, scope: scope)
        return inside(scope) { $0.decodeSections(mapping, of: name) }
    }

    private mutating func decodeFile(_ file: String, of name: String, _ subJob: SubJob) -> SubJobTasks? {
        let scope = VariableScope(subJob.variables, within: nil, isFile: true)
        let reading: SubJobFiles.Reading
        do {
            guard let found = try files?.enter(file, scope: scope) else { return nil }
            reading = found
        } catch {
            if case .problem(let problem) = error { report(problem) }
            return nil
        }
        defer { files?.leave() }
        guard case .mapping(let mapping) = reading.root.content else { return nil }
        warnOfUnused(subJob.variables, mentioned: reading.mentioned)
        mounts[name] = SubJobMount(root: reading.root, prefix: [], owner: name, scope: scope)
        subJobLayers[name] = reading.layers
        guard mapping.entries["tasks"] != nil else {
            report(.rejectedValue(reason: "the job file \(file) has no 'tasks'; expected at least one task"))
            return nil
        }
        return inside(scope) { $0.decodeSections(mapping, of: name) }
    }

    private func parentName(of name: String) -> String {
        name.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(name[..<$0]) } ?? ""
    }

    private func ownSteps(of name: String, _ outer: SubJobMount) -> [ParameterPath.Component] {
        [.key("tasks"), .key(String(name.utf8.dropFirst(parentName(of: name).utf8.count + 1)) ?? name)]
    }

    /// Decodes the tasks of a job within a job, and warns of sections that have no effect there.
    private mutating func decodeSections(_ mapping: SourceMapping, of name: String) -> SubJobTasks {
        var tasks: SubJobTasks = [:]
        for (key, entry) in mapping.entries {
            within(.key(key)) { decoder in
                switch JobSection.named(key)?.content {
                case .tasks?: tasks = decoder.decodeTasks(entry.value, of: name)
                case .include?:
                    let reason =
                        "only a file can include others; put the tasks into a file and name it: job: tasks.yaml"
                    decoder.report(.rejectedValue(reason: reason))
                case .settings?, .plugins?, .plugin?: decoder.report(.ignoredSection(key), severity: .warning)
                case .number?, .anchors?: break
                case nil: decoder.report(.unknownKey(key, known: JobSection.all.map(\.key)))
                }
            }
        }
        return tasks
    }

    /// Runs `body` with the variables of a job within the job.
    private mutating func inside<Result>(_ scope: VariableScope, _ body: (inout JobDecoder) -> Result) -> Result {
        let outer = expander.scope
        expander.scope = scope
        depth += 1
        defer {
            expander.scope = outer
            depth -= 1
        }
        return body(&self)
    }

    private mutating func warnOfUnused(
        _ variables: OrderedDictionary<String, ParameterValue>,
        mentioned: Set<String>
    ) {
        let used = mentioned.sorted()
        for name in variables.keys where !mentioned.contains(name) {
            let problem = VariableProblem.unused(
                name,
                nearest: name.nearest(among: used).map { VariableKind.variable.reference(to: $0) },
                used: used.map { VariableKind.variable.reference(to: $0) }
            )
            at(Array(path.components.dropLast()) + [.key("variables"), .key(name)]) {
                $0.report(.variable(problem), severity: .warning)
            }
        }
    }
}

extension SourceNode {
    /// The names of the `$VAR{…}` in the value.
    fileprivate var mentionedVariables: Set<String> {
        var names: Set<String> = []
        collectVariables(&names)
        return names
    }

    private func collectVariables(_ names: inout Set<String>) {
        switch content {
        case .template(let text):
            for case .variable(let variable, _) in VariableScanner(text) where variable.kind == .variable {
                names.insert(variable.name)
            }
        case .expression(let source):
            for case .variable(let variable, _) in VariableScanner(source.text) where variable.kind == .variable {
                names.insert(variable.name)
            }
        case .sequence(let items):
            for item in items { item.collectVariables(&names) }
        case .mapping(let mapping):
            for entry in mapping.entries.values { entry.value.collectVariables(&names) }
        case .plain, .text, .value:
            break
        }
    }
}
