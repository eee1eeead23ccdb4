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
        /// The keys of every task or plug-in in it.
        let keys: GroupDescription
        /// The one that names its type.
        let typeKey: String
        /// The path of the task or plug-in.
        let owner: ParameterPath
        /// The steps behind that.
        let rest: ArraySlice<ParameterPath.Component>
    }

    /// Whether keys may be looked for below a path: a job always has a configuration and plug-ins, and each task and
    /// plug-in parameters, whether files set any of them or not.
    func isPlace(_ path: ParameterPath) -> Bool {
        if history.hasValue(at: path) || isSettings(path) { return true }
        guard let section = section(of: path) else { return !defaultPlugins(at: path).isEmpty }
        return section.rest == [.key("parameters")] && isPlace(section.owner)
    }

    /// The keys that could stand in the place of the last step of a path.
    func candidates(beside path: ParameterPath) -> [String] {
        let parent = ParameterPath(Array(path.components.dropLast()))
        let present = history.keys(at: parent) + namedDefaults(in: parent).keys
        let isTop = path.components.count == 1
        let possible = isTop ? JobSection.all.filter(\.hasValues).map(\.key) : describedKeys(beside: path).map(\.key)
        return present + possible.filter { !present.contains($0) }
    }

    /// The plug-in at a path, or those of the section at a path, that a job has because its files leave the section out.
    func defaultPlugins(at path: ParameterPath) -> [PluginDefinition] {
        let steps = path.components
        guard let section = JobSection(of: path), !history.hasValue(at: ParameterPath(section.key)) else { return [] }
        switch (steps.count, steps.last) {
        case (1, _): return Array(section.defaults.values)
        case (section.depth, .key(let name)?): return section.defaults[name].map { [$0] } ?? []
        default: return []
        }
    }

    /// The loggers or extensions that a job has because its files leave the section at a path out.
    private func namedDefaults(in path: ParameterPath) -> OrderedDictionary<String, PluginDefinition> {
        guard let section = JobSection(of: path), path.components.count == 1, section.depth == 2,
            !history.hasValue(at: path)
        else { return [:] }
        return section.defaults
    }

    /// Whether a path leads to a mapping of settings of the job.
    private func isSettings(_ path: ParameterPath) -> Bool {
        guard path.components.count == 1, case .settings? = JobSection(of: path)?.content else { return false }
        return true
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
        let isWhole = isSettings(path) || rest == [.key("parameters")]
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
        switch JobSection(of: path)?.content {
        case .anchors: return .uncertain
        case .settings(let keys, _): return .open(keys.description.find(path.components.dropFirst()).parameter)
        default: break
        }
        guard let section = section(of: path) else { return .open(nil) }
        guard section.rest.first == .key("parameters") else {
            return .open(section.keys.find(section.rest).parameter)
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
        if isSettings(ParameterPath(Array(path.components.dropLast()))) {
            return JobSection(of: path)?.keys?.parameters ?? []
        }
        guard let section = section(of: path) else { return [] }
        guard section.rest.first == .key("parameters"), section.rest.count > 1 else { return section.keys.parameters }
        guard let type = types(of: section).last ?? nil else { return [] }
        return type.description.find(section.rest.dropFirst()).siblings
    }

    /// The types that the files name for a task or plug-in, the one that holds last; `nil` for one that is not there.
    private func types(of section: Section) -> [KindParameters?] {
        if let plugin = defaultPlugins(at: section.owner).first {
            return [try? catalog.parameters(ofType: plugin.variant, section.kind).get()]
        }
        return history.origins(of: section.owner.appending(section.typeKey)).map { origin in
            guard case .string(let name) = origin.value else { return nil }
            return try? catalog.parameters(ofType: name, section.kind).get()
        }
    }

    private func section(of path: ParameterPath) -> Section? {
        let steps = path.components
        guard let section = JobSection(of: path), let kind = section.kind, let keys = section.keys,
            let typeKey = section.typeKey?.key, steps.count > section.depth
        else { return nil }
        let owner = ParameterPath(Array(steps[..<section.depth]))
        return Section(kind: kind, keys: keys, typeKey: typeKey, owner: owner, rest: steps[section.depth...])
    }
}

extension JobSection {
    /// The section that a path leads into.
    init?(of path: ParameterPath) {
        guard case .key(let key)? = path.components.first, let section = JobSection.named(key) else { return nil }
        self = section
    }
}
