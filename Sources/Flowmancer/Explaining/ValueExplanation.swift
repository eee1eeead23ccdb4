import FlowmancerJobFile

/// Tells in words where the values of a job come from.
struct ValueExplanation {
    let history: JobHistory
    let vocabulary: JobVocabulary

    private static let mask = "***"

    init(of history: JobHistory, catalog: TypeCatalog) {
        self.history = history
        vocabulary = JobVocabulary(history, catalog: catalog)
    }

    /// Explains the value at a path, or each of those below it.
    ///
    /// - Throws: ``UsageError`` if the job has, and could have, nothing there.
    func text(of asked: ParameterPath) throws -> String {
        let path = vocabulary.canonical(asked)
        let leaves = history.leaves(at: path)
        let unset = linesOfDefaults(below: path)
        if leaves == [path], unset.isEmpty { return explanation(of: path) }
        // An empty mapping is a leaf, too: what holds in it is told instead.
        let lines = (leaves == [path] ? [] : leaves.map(line)) + unset
        if !lines.isEmpty { return lines.joined(separator: "\n") }
        guard vocabulary.isPlace(owner(of: path)), let text = try explanationOfDefault(at: path) else {
            throw unknown(path)
        }
        return text
    }

    /// The task, plug-in or section that has to exist for one of its keys to have a default.
    func owner(of path: ParameterPath) -> ParameterPath {
        ParameterPath(Array(path.components.prefix(JobSection(of: path)?.depth ?? 2)))
    }

    private func unknown(_ path: ParameterPath) -> UsageError {
        // The first step that leads nowhere is the one that is misspelled.
        var count = 1
        while count < path.components.count, vocabulary.isPlace(ParameterPath(Array(path.components[..<count]))) {
            count += 1
        }
        let wrong = ParameterPath(Array(path.components[..<count]))
        if case .index? = wrong.components.last {
            let list = ParameterPath(Array(wrong.components.dropLast()))
            let found = history.origins(of: list).last.map { "; '\(list)' is \($0.value.description)" } ?? ""
            return UsageError(text: "the job has nothing at '\(wrong)'\(found)")
        }
        let candidates = vocabulary.candidates(beside: wrong)
        var hint = candidates.isEmpty ? "" : "; expected one of: \(candidates.prefix(12).joined(separator: ", "))"
        if case .key(let key)? = wrong.components.last, let nearest = key.nearest(among: candidates) {
            var better = path
            better.components[count - 1] = .key(nearest)
            hint = "; did you mean '\(better)'?"
        }
        return UsageError(text: "the job has nothing at '\(wrong)'\(hint)")
    }

    // MARK: One value

    private func explanation(of path: ParameterPath) -> String {
        let origins = history.origins(of: path)
        guard let origin = origins.last else { return "\(path)" }
        let meaning = vocabulary.meaning(of: path)
        var lines = ["\(path) = \(value(of: origin, meaning))", "  set at \(place(of: origin))"]
        if !origin.variables.isEmpty {
            if case .secret = meaning {} else { lines.append("  written as \(written(origin))") }
            lines += origin.variables.map { "  \($0.name) \(source(of: $0, meaning))" }
        }
        if case .uncertain = meaning, !origin.variables.isEmpty {
            lines.append("  its variables are not shown: this program lacks the type that says whether they are secret")
        }
        if let consequence = consequence(ofConditionAt: path) { lines.append("  \(consequence)") }
        for older in origins.dropLast().reversed() {
            lines.append("  overrides \(value(of: older, meaning)) from \(place(of: older))")
        }
        if let job = keyOfJob(for: path), history.hasValue(at: job) {
            lines.append("  overrides for this task: \(line(job))")
        } else if case .open(let key?) = meaning, let value = key.defaultValue, value != .null {
            lines.append("  the default is \(shown(value))")
        }
        return lines.joined(separator: "\n")
    }

    /// One line of the values below a path.
    private func line(_ path: ParameterPath) -> String {
        let origins = history.origins(of: path)
        guard let origin = origins.last else { return "\(path)" }
        let meaning = vocabulary.meaning(of: path)
        var place = "\(origin.location)"
        if let older = origins.dropLast().last {
            place += ", overrides \(value(of: older, meaning)) from \(older.location)"
        }
        if origins.count > 2 { place += " and \(origins.count - 2) more" }
        return "\(path) = \(value(of: origin, meaning))  (\(place))".printable
    }

    private func value(of origin: ValueOrigin, _ meaning: JobVocabulary.Meaning) -> String {
        switch meaning {
        case .secret: Self.mask
        case .uncertain where !origin.variables.isEmpty: written(origin)
        case .open(let key?): shown(key.type.reading(of: origin.value))
        case .open(nil), .uncertain: shown(origin.value)
        }
    }

    /// A list or a mapping that was overridden is only described: it may hold anything.
    func shown(_ value: ParameterValue) -> String {
        switch value {
        case .array(let items) where !items.isEmpty: value.description
        case .object(let members) where !members.isEmpty: value.description
        default: value.inlineJSON.printable
        }
    }

    private func written(_ origin: ValueOrigin) -> String {
        (origin.written.map { $0.contains("\n") ? ParameterValue.string($0).inlineJSON : $0 } ?? "").printable
    }

    private func place(of origin: ValueOrigin) -> String {
        guard origin.chain.count > 1 else { return "\(origin.location)".printable }
        return "\(origin.location) (included: \(origin.chain.joined(separator: " → ")))".printable
    }

    private func source(of variable: VariableUse, _ meaning: JobVocabulary.Meaning) -> String {
        switch (variable.source, meaning) {
        case (.nowhere, _): "is not set, so it is empty"
        case (.nothing, _): "is not set"
        case (.run, _): "is known in the run only"
        case (.refused, _): "has no value, and the job needs one"
        case (.fallback, .secret), (.fallback, .uncertain): "is not set, so its default applies"
        case (.value, .secret), (.value, .uncertain): "is \(Self.mask)"
        case (.fallback(let text), .open):
            "is not set, so its default applies: \(ParameterValue.string(text).inlineJSON.printable)"
        case (.value(let text), .open): "is \(ParameterValue.string(text).inlineJSON.printable)"
        }
    }
}
