import FlowmancerJobFile
import OrderedCollections

/// What the keys of a job mean, by the types that its tasks and plug-ins name.
struct JobVocabulary {
    private let history: JobHistory
    private let catalog: TypeCatalog

    init(_ history: JobHistory, catalog: TypeCatalog) {
        self.history = history
        self.catalog = catalog
    }

    /// What is known of the value at a path.
    enum Meaning {
        /// A value that may be shown; the associated value is the key that it belongs to, if one is known.
        case open(ParameterDescription?)
        case secret(ParameterDescription?)
        /// A parameter of a type that the program does not have, or free text: it could be secret.
        case uncertain
    }

    /// A part of a job whose keys are parameters of types.
    private struct Section {
        let kind: JobIssue.NamedKind
        /// The path of the task or plug-in.
        let owner: ParameterPath
        /// The steps behind that.
        let rest: ArraySlice<ParameterPath.Component>
    }

    /// Whether keys may be looked for below a path: a job always has a configuration and plug-ins, and each task and
    /// plug-in parameters, whether files set any of them or not.
    func isPlace(_ path: ParameterPath) -> Bool {
        if history.hasValue(at: path) || path == ParameterPath("config") { return true }
        guard let section = section(of: path) else { return !defaultPlugins(at: path).isEmpty }
        return section.rest == [.key("parameters")] && isPlace(section.owner)
    }

    /// The keys that could stand in the place of the last step of a path.
    func candidates(beside path: ParameterPath) -> [String] {
        let parent = ParameterPath(Array(path.components.dropLast()))
        let present = history.keys(at: parent) + namedDefaults(in: parent).keys
        let possible = path.components.count == 1 ? JobFileKeys.sections : describedKeys(beside: path).map(\.key)
        return present + possible.filter { !present.contains($0) }
    }

    /// The plug-in at a path, or those of the section at a path, that a job has because its files leave the section out.
    func defaultPlugins(at path: ParameterPath) -> [PluginDefinition] {
        let steps = path.components
        switch steps.count {
        case 1 where path == ParameterPath("checkpointer"):
            return history.hasValue(at: path) ? [] : [JobDefinition.defaultCheckpointer]
        case 1:
            return Array(namedDefaults(in: path).values)
        case 2:
            guard case .key(let name) = steps[1] else { return [] }
            return namedDefaults(in: ParameterPath([steps[0]]))[name].map { [$0] } ?? []
        default:
            return []
        }
    }

    /// The loggers or extensions that a job has because its files leave the section at a path out.
    private func namedDefaults(in path: ParameterPath) -> OrderedDictionary<String, PluginDefinition> {
        guard !history.hasValue(at: path) else { return [:] }
        return switch path {
        case ParameterPath("loggers"): JobDefinition.defaultLoggers
        case ParameterPath("extensions"): JobDefinition.defaultExtensions
        default: [:]
        }
    }

    /// Returns a path with the one spelling of each key by which a job is merged: `dependencies` for `depends_on`, and
    /// the spelling of parameters that the files use.
    func canonical(_ path: ParameterPath) -> ParameterPath {
        var result = path
        for position in result.components.indices {
            guard case .key = result.components[position] else { continue }
            let prefix = ParameterPath(Array(result.components[...position]))
            guard !history.hasValue(at: prefix), let key = parameter(at: prefix) else {
                continue
            }
            for spelling in [key.key, key.propertyName] {
                var candidate = prefix
                candidate.components[position] = .key(spelling)
                if history.hasValue(at: candidate) { result.components[position] = .key(spelling) }
            }
        }
        return result
    }

    /// A key that no file sets, though files could: what holds is its default.
    struct UnsetKey {
        let path: ParameterPath
        let description: ParameterDescription
        /// The steps into its default.
        let rest: ArraySlice<ParameterPath.Component>
    }

    /// Returns the first key on a path that no file sets.
    func unsetKey(on path: ParameterPath) -> UnsetKey? {
        for position in path.components.indices {
            let prefix = ParameterPath(Array(path.components[...position]))
            guard case .key = path.components[position], !history.hasValue(at: prefix), let key = parameter(at: prefix)
            else { continue }
            return UnsetKey(path: prefix, description: key, rest: path.components[(position + 1)...])
        }
        return nil
    }

    /// The keys that no file sets directly below a path, if that is the configuration or has parameters.
    func unsetKeys(below path: ParameterPath) -> [UnsetKey] {
        let rest = section(of: path)?.rest ?? []
        // Without parameters, or a configuration, all of them have their defaults; a group that is left out has none.
        let isWhole = path == ParameterPath("config") || rest == [.key("parameters")]
        guard isWhole && !history.hasValue(at: path) || history.hasMapping(at: path),
            isWhole || rest.first == .key("parameters")
        else { return [] }
        return describedKeys(beside: path.appending("")).compactMap { key in
            let spellings = [key.key, key.propertyName].map { path.appending($0) }
            guard !spellings.contains(where: history.hasValue) else { return nil }
            return UnsetKey(path: spellings[0], description: key, rest: [])
        }
    }

    private func parameter(at path: ParameterPath) -> ParameterDescription? {
        switch meaning(of: path) {
        case .open(let parameter), .secret(let parameter): parameter
        case .uncertain: nil
        }
    }

    func meaning(of path: ParameterPath) -> Meaning {
        let steps = path.components
        if steps.first == .key("aliases") { return .uncertain }
        if steps.first == .key("config") {
            return .open(
                GroupDescription(typeName: "", parameters: JobFileKeys.configuration).find(steps.dropFirst()).parameter
            )
        }
        guard let section = section(of: path) else { return .open(nil) }
        guard section.rest.first == .key("parameters") else {
            return .open(
                GroupDescription(typeName: "", parameters: keys(of: section.kind)).find(section.rest).parameter
            )
        }
        let inner = section.rest.dropFirst()
        guard !inner.isEmpty else { return .open(nil) }
        // A file that was overridden may have named another type, by which the value was secret.
        var result: Meaning?
        for type in types(of: section) {
            guard let type else { return .uncertain }
            let finding = type.description.find(inner)
            if finding.isSecret { return .secret(finding.parameter) }
            result = finding.isKnown ? .open(finding.parameter) : .uncertain
        }
        return result ?? .uncertain
    }

    private func describedKeys(beside path: ParameterPath) -> [ParameterDescription] {
        let steps = path.components
        if steps.count == 2, steps[0] == .key("config") { return JobFileKeys.configuration }
        guard let section = section(of: path) else { return [] }
        guard section.rest.first == .key("parameters"), section.rest.count > 1 else { return keys(of: section.kind) }
        guard let type = types(of: section).last ?? nil else { return [] }
        return type.description.find(section.rest.dropFirst()).siblings
    }

    private func keys(of kind: JobIssue.NamedKind) -> [ParameterDescription] {
        kind == .task ? JobFileKeys.task : JobFileKeys.plugin(kind.rawValue)
    }

    /// The types that the files name for a task or plug-in, the one that holds last; `nil` for one that is not there.
    private func types(of section: Section) -> [KindParameters?] {
        if let plugin = defaultPlugins(at: section.owner).first {
            return [try? catalog.parameters(ofType: plugin.variant, section.kind).get()]
        }
        let key = section.kind == .task ? "task" : section.kind.rawValue
        return history.origins(of: section.owner.appending(key)).map { origin in
            guard case .string(let name) = origin.value else { return nil }
            return try? catalog.parameters(ofType: name, section.kind).get()
        }
    }

    private func section(of path: ParameterPath) -> Section? {
        let steps = path.components
        func section(_ kind: JobIssue.NamedKind, _ count: Int) -> Section? {
            guard steps.count > count else { return nil }
            return Section(kind: kind, owner: ParameterPath(Array(steps[..<count])), rest: steps[count...])
        }
        switch steps.first {
        case .key("tasks"): return section(.task, 2)
        case .key("loggers"): return section(.logger, 2)
        case .key("extensions"): return section(.extension, 2)
        case .key("checkpointer"): return section(.checkpointer, 1)
        default: return nil
        }
    }
}
