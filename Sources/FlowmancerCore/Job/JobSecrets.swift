import OrderedCollections

/// The secrets of a job: the values of all parameters that are marked as such.
package struct JobSecrets: Sendable {
    /// The texts of all secrets.
    package private(set) var texts: Set<String> = []
    /// The job with a mask in the place of every secret.
    package private(set) var redactedJob: JobDefinition
    /// Parameters with secrets of which nothing is long enough to be masked in output.
    package private(set) var unmaskable: [ParameterPath] = []

    /// Finds the secrets of a job. What has no type, or parameters that do not fit its type, has none.
    package init(_ job: JobDefinition, catalog: TypeCatalog) {
        redactedJob = job
        // Many tasks are of few types, most of which have no secrets.
        var plainVariants: Set<String> = []
        for (index, (name, task)) in job.tasks.enumerated() {
            // A task that was made with its type does not stand for all that name the type.
            guard task.type != nil || !plainVariants.contains(task.variant) else { continue }
            guard let type = try? task.type ?? catalog.task(named: task.variant).get() else { continue }
            guard SecretLayout.holdsSecrets(type) else {
                if task.type == nil { plainVariants.insert(task.variant) }
                continue
            }
            if let redacted = collect(type, task.parameters, at: ParameterPath("tasks", name)) {
                redactedJob.tasks.values[index].parameters = redacted
            }
        }
        for (name, plugin) in job.loggers {
            guard let type = try? catalog.logger(named: plugin.variant).get() else { continue }
            if let redacted = collect(type, plugin.parameters, at: ParameterPath("loggers", name)) {
                redactedJob.loggers[name]?.parameters = redacted
            }
        }
        for (name, plugin) in job.extensions {
            guard let type = try? catalog.extension(named: plugin.variant).get() else { continue }
            if let redacted = collect(type, plugin.parameters, at: ParameterPath("extensions", name)) {
                redactedJob.extensions[name]?.parameters = redacted
            }
        }
        if let type = try? catalog.checkpointer(named: job.checkpointer.variant).get(),
            let redacted = collect(type, job.checkpointer.parameters, at: ParameterPath("checkpointer"))
        {
            redactedJob.checkpointer.parameters = redacted
        }
    }

    /// - Returns: The parameters without their secrets; `nil` if the type has none.
    private mutating func collect<Group: ParameterGroup>(
        _ type: Group.Type,
        _ parameters: OrderedDictionary<String, ParameterValue>,
        at path: ParameterPath
    ) -> OrderedDictionary<String, ParameterValue>? {
        guard !SecretLayout.of(type).members.isEmpty else { return nil }
        let path = path.appending("parameters")
        // Defaults are secret, too, and so is what a text was converted to.
        var issues: [JobIssue] = []
        let instance = ParameterBinder.make(type, from: parameters, at: path, issues: &issues)
        SecretText.collect(fromInstance: instance, isSecret: false, into: &texts)
        return redact(parameters, of: type, at: path)
    }

    private mutating func redact(
        _ members: OrderedDictionary<String, ParameterValue>,
        of type: any ParameterGroup.Type,
        at path: ParameterPath
    ) -> OrderedDictionary<String, ParameterValue> {
        let layout = SecretLayout.of(type)
        var result = members
        for (index, (key, value)) in members.enumerated() {
            guard let member = layout.members[key] else { continue }
            let path = path.appending(key)
            if member.isSecret {
                take(value, at: path)
                result.values[index] = .string(SecretText.mask)
            } else if let group = SecretLayout.group(in: member.type) {
                result.values[index] = redact(value, holding: group, in: member.type, at: path)
            }
        }
        return result
    }

    /// Redacts a value that is of a group, or a list, mapping or optional of such values.
    private mutating func redact(
        _ value: ParameterValue,
        holding group: any ParameterGroup.Type,
        in type: Any.Type,
        at path: ParameterPath
    ) -> ParameterValue {
        guard let container = type as? any ParameterContainer.Type else {
            guard case .object(let members) = value else { return value }
            return .object(redact(members, of: group, at: path))
        }
        let element = container.elementType
        if container is any OptionalParameter.Type { return redact(value, holding: group, in: element, at: path) }
        switch value {
        case .array(let values):
            return .array(
                values.enumerated().map { redact($1, holding: group, in: element, at: path.appending($0)) }
            )
        case .object(let members):
            var result = members
            for (index, (key, value)) in members.enumerated() {
                result.values[index] = redact(value, holding: group, in: element, at: path.appending(key))
            }
            return .object(result)
        default:
            return value
        }
    }

    private mutating func take(_ value: ParameterValue, at path: ParameterPath) {
        var own: Set<String> = []
        SecretText.collect(value, into: &own)
        texts.formUnion(own)
        // An empty secret, from a variable that is not set, is none.
        let isUnmaskable = own.contains { !$0.isEmpty && SecretText.lines(of: $0).isEmpty }
        if isUnmaskable { unmaskable.append(path) }
    }
}
