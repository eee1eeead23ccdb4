package import OrderedCollections

/// The secrets of a job: the values of all parameters that are marked as such.
package struct JobSecrets: Sendable {
    /// The texts of all secrets.
    package private(set) var texts: Set<String> = []
    /// The job with a mask in the place of every secret.
    package private(set) var redactedJob: JobDefinition
    /// Whether there are secrets that are known in the run only.
    package private(set) var areOpen = false
    /// Parameters with secrets of which nothing is long enough to be masked in output.
    package private(set) var unmaskable: [ParameterPath] = []

    /// Finds the secrets of a job. What has no type, or parameters that do not fit its type, has none.
    package init(_ job: JobDefinition, catalog: TypeCatalog) {
        redactedJob = job
        // Many tasks are of few types, most of which have no secrets.
        var plainVariants: Set<String> = []
        job.tasks.values.withUnsafeBufferPointer { tasks in
            for number in tasks.indices {
                // A task that was made with its type does not stand for all that name the type.
                let isNamed = tasks[number].kind == nil
                guard !isNamed || !plainVariants.contains(tasks[number].variant) else { continue }
                guard let kind = try? catalog.kind(of: tasks[number]).get() else { continue }
                guard kind.parameters.holdSecrets else {
                    if isNamed { plainVariants.insert(tasks[number].variant) }
                    continue
                }
                let path = ParameterPath("tasks", job.tasks.keys[number])
                let parameters = collect(kind.parameters, tasks[number].parameters, at: path)
                redactedJob.tasks.values[number].parameters = parameters
            }
        }
        var redacted = redactedJob
        redacted.updatePlugins { plugin, kind, path in plugin = collect(plugin, kind, catalog, at: path) }
        redactedJob = redacted
    }

    /// Returns the secrets among the values of parameters.
    package static func texts(
        of parameters: KindParameters,
        _ values: OrderedDictionary<String, ParameterValue>
    ) -> Set<String> {
        guard parameters.holdSecrets else { return [] }
        var secrets = JobSecrets()
        _ = secrets.collect(parameters, values, at: ParameterPath())
        return secrets.texts
    }

    private init() { redactedJob = JobDefinition() }

    /// - Returns: The plug-in without its secrets.
    private mutating func collect(
        _ plugin: PluginDefinition,
        _ kind: JobIssue.NamedKind,
        _ catalog: TypeCatalog,
        at path: ParameterPath
    ) -> PluginDefinition {
        guard let parameters = try? catalog.parameters(ofType: plugin.variant, kind).get(), parameters.holdSecrets
        else { return plugin }
        return PluginDefinition(plugin.variant, parameters: collect(parameters, plugin.parameters, at: path))
    }

    /// - Returns: The values without the secrets among them.
    private mutating func collect(
        _ parameters: KindParameters,
        _ values: OrderedDictionary<String, ParameterValue>,
        at path: ParameterPath
    ) -> OrderedDictionary<String, ParameterValue> {
        let path = path.appending("parameters")
        if let type = parameters.type { collectTexts(of: type, values, at: path) }
        return redact(values, of: parameters.description, within: [], at: path)
    }

    /// Takes the secrets of an instance: defaults are secret, too, and so is what a text was converted to.
    private mutating func collectTexts<Group: ParameterGroup>(
        of type: Group.Type,
        _ values: OrderedDictionary<String, ParameterValue>,
        at path: ParameterPath
    ) {
        var issues: [JobIssue] = []
        let instance = ParameterBinder.make(type, from: values, at: path, issues: &issues)
        SecretText.collect(fromInstance: instance, isSecret: false, into: &texts)
    }

    /// - Parameter outer: The groups around the group, from the outermost one.
    private mutating func redact(
        _ members: OrderedDictionary<String, ParameterValue>,
        of group: GroupDescription,
        within outer: [GroupDescription],
        at path: ParameterPath
    ) -> OrderedDictionary<String, ParameterValue> {
        var result = members
        for (index, (key, value)) in members.enumerated() {
            guard let parameter = group.parameter(spelled: key) else { continue }
            let path = path.appending(key)
            if parameter.isSecret {
                take(value, at: path)
                result.values[index] = Self.masked(value)
            } else {
                result.values[index] = redact(value, of: parameter.type, within: outer + [group], at: path)
            }
        }
        return result
    }

    private mutating func redact(
        _ value: ParameterValue,
        of type: TypeDescription,
        within outer: [GroupDescription],
        at path: ParameterPath
    ) -> ParameterValue {
        switch (type, value) {
        case (.optional(let wrapped), _):
            return redact(value, of: wrapped, within: outer, at: path)
        case (.group(let group), .object(let members)):
            return .object(redact(members, of: group, within: outer, at: path))
        case (.enclosingGroup(let name), .object(let members)):
            guard let index = outer.lastIndex(where: { $0.typeName == name }) else { return value }
            return .object(redact(members, of: outer[index], within: Array(outer[..<index]), at: path))
        case (.list(let element, _), .array(let values)):
            return .array(
                values.enumerated().map { redact($1, of: element, within: outer, at: path.appending($0)) }
            )
        case (.mapping(_, let element), .object(let members)):
            var result = members
            for (index, (key, value)) in members.enumerated() {
                result.values[index] = redact(value, of: element, within: outer, at: path.appending(key))
            }
            return .object(result)
        default:
            return value
        }
    }

    /// What stands for a secret: its variables of the run stay, since other tasks are named by them.
    private static func masked(_ value: ParameterValue) -> ParameterValue {
        guard value.isOpen else { return .string(SecretText.mask) }
        switch value {
        case .template(let template):
            let pieces = template.pieces.map { piece -> ValueTemplate.Piece in
                guard case .reference(let reference) = piece else { return .text(SecretText.mask) }
                guard case .text = reference.fallback else { return piece }
                var masked = ExpressionReference(reference.kind, reference.name, fallback: .text(SecretText.mask))
                masked.level = reference.level
                return .reference(masked)
            }
            return .template(ValueTemplate(pieces))
        case .array(let items):
            return .array(items.map(masked))
        case .object(let members):
            return .object(members.mapValues(masked))
        case .null, .bool, .int, .double, .string:
            return .string(SecretText.mask)
        }
    }

    private mutating func take(_ value: ParameterValue, at path: ParameterPath) {
        var own: Set<String> = []
        SecretText.collect(value, into: &own)
        texts.formUnion(own)
        if value.isOpen {
            areOpen = true
            return
        }
        // An empty secret, from a variable that is not set, is none.
        let isUnmaskable = own.contains { !$0.isEmpty && SecretText.lines(of: $0).isEmpty }
        if isUnmaskable { unmaskable.append(path) }
    }
}
