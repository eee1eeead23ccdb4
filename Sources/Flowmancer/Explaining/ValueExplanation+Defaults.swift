import FlowmancerJobFile

/// What holds where no file says anything.
extension ValueExplanation {
    /// Explains a value that is, or belongs to, the default of a key.
    ///
    /// - Returns: `nil` if there is no such key.
    /// - Throws: ``UsageError`` if the default has nothing there.
    func explanationOfDefault(at path: ParameterPath) throws -> String? {
        if let plugins = explanationOfDefaultPlugins(at: path) { return plugins }
        guard let unset = vocabulary.unsetKey(on: path) else { return nil }
        switch (unset.description.presence, vocabulary.meaning(of: path)) {
        case (.required, _):
            return "\(unset.path): no file sets it, but it is required"
        case (_, .secret):
            return "\(path): no file sets it; its default, if it has one, is secret"
        case (.optional(nil), _):
            return "\(unset.path): no file sets it; the default of its type applies"
        case (.optional(let whole?), _):
            if let job = keyOfJob(for: unset.path) {
                return "\(unset.path): no file sets it, so the value of the job applies\n\(try text(of: job))"
            }
            guard let value = whole.value(at: unset.rest) else {
                let reason = "no file sets '\(unset.path)', and its default is \(whole.description)"
                throw UsageError(text: "the job has nothing at '\(path)': \(reason)")
            }
            let leaves = Self.leaves(of: value, at: path)
            guard leaves.count == 1, leaves[0].path == path else {
                return leaves.map { "\($0.path) = \(shown($0.value))  (default)" }.joined(separator: "\n")
            }
            let part = unset.rest.isEmpty ? "the default" : "part of the default of \(unset.path)"
            return "\(path) = \(shown(value))\n  no file sets it: this is \(part)"
        }
    }

    /// Explains a section of plug-ins that is left out, a plug-in of it, or the key that names its type.
    private func explanationOfDefaultPlugins(at path: ParameterPath) -> String? {
        let plugins = vocabulary.defaultPlugins(at: path)
        guard plugins.isEmpty else {
            let names = plugins.map(\.variant).joined(separator: ", ")
            return "\(path): no file sets it, so the default applies: \(names), without parameters"
        }
        guard let unset = vocabulary.unsetKey(on: path), case .required = unset.description.presence,
            let plugin = vocabulary.defaultPlugins(at: owner(of: path)).first
        else { return nil }
        return "\(unset.path) = \(shown(.string(plugin.variant)))\n  no file sets it: this is the default"
    }

    /// One line for every key below a path that no file sets.
    func linesOfDefaults(below path: ParameterPath) -> [String] {
        // Where there is no task or plug-in, no parameters have defaults.
        guard vocabulary.isPlace(owner(of: path)) else { return [] }
        return vocabulary.unsetKeys(below: path).flatMap { key -> [String] in
            let description = key.description
            switch description.presence {
            case _ where description.isSecret: return ["\(key.path): not set, secret"]
            case .required: return ["\(key.path): not set, but it is required"]
            case .optional(nil): return ["\(key.path): not set; the default of its type applies"]
            case .optional(let value?):
                return Self.leaves(of: value, at: key.path).map { "\($0.path) = \(shown($0.value))  (default)" }
            }
        }
    }

    /// The key of the job that holds for a task without one of its own.
    func keyOfJob(for path: ParameterPath) -> ParameterPath? {
        guard path.components.count == 3, path.components[0] == .key("tasks"), case .key(let key) = path.components[2]
        else { return nil }
        return TaskDefinition.keys[key]?.fallback
    }

    /// The values within a value that hold no others.
    private static func leaves(
        of value: ParameterValue,
        at path: ParameterPath
    ) -> [(path: ParameterPath, value: ParameterValue)] {
        switch value {
        case .object(let members) where !members.isEmpty:
            members.flatMap { leaves(of: $0.value, at: path.appending($0.key)) }
        case .array(let items) where !items.isEmpty:
            items.enumerated().flatMap { leaves(of: $0.element, at: path.appending($0.offset)) }
        default:
            [(path, value)]
        }
    }
}
