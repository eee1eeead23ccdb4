/// The types of one section of a job file by every name that they answer to.
struct TypeIndex<Type: Sendable>: Sendable {
    private struct Candidate {
        let qualifiedName: String
        let parameters: KindParameters
        let type: Type
    }

    private var types: [String: [Candidate]] = [:]

    /// - Parameter alias: The name for job files, in the place of the bare name and the name with the module.
    mutating func add(_ type: Type, _ qualifiedName: String, _ parameters: KindParameters, as alias: String?) {
        let candidate = Candidate(qualifiedName: qualifiedName, parameters: parameters, type: type)
        for name in alias.map({ [$0] }) ?? TypeName.spellings(of: qualifiedName)
        where !(types[name] ?? []).contains(where: { $0.qualifiedName == qualifiedName }) {
            types[name, default: []].append(candidate)
        }
    }

    var all: [Type] { types.values.flatMap { $0.map(\.type) } }

    func find(_ name: String) -> Result<Type, TypeMiss> { candidate(name).map(\.type) }

    private func candidate(_ name: String) -> Result<Candidate, TypeMiss> {
        let candidates = types[name] ?? []
        // A nested type of another module may answer to a name that looks like this one with its module.
        if let match = candidates.first(where: { $0.qualifiedName == name })
            ?? (candidates.count == 1 ? candidates[0] : nil)
        {
            return .success(match)
        }
        return .failure(candidates.isEmpty ? .noType : .severalTypes(candidates.map(\.qualifiedName).sorted()))
    }
}

extension TypeIndex: NamedTypes {
    var entries: [TypeEntry] {
        var entries: [String: TypeEntry] = [:]
        for (name, candidates) in types {
            for candidate in candidates {
                let qualified = candidate.qualifiedName
                // A name that several types have stands for none, unless it is the full name of one.
                let own = candidates.count == 1 || name == qualified ? [name] : []
                let entry = TypeEntry(qualifiedName: qualified, parameters: candidate.parameters)
                entries[qualified, default: entry].names.formUnion(own)
            }
        }
        return entries.values.sorted { ($0.name, $0.qualifiedName) < ($1.name, $1.qualifiedName) }
    }

    func parameters(of name: String) -> Result<KindParameters, TypeMiss> { candidate(name).map(\.parameters) }

    func knows(_ name: String) -> Bool { types[name] != nil }
}

/// What can be asked of an index without knowing what it leads to.
protocol NamedTypes: Sendable {
    var entries: [TypeEntry] { get }
    func parameters(of name: String) -> Result<KindParameters, TypeMiss>
    func knows(_ name: String) -> Bool
}

/// Why a name does not stand for one type of a section.
enum TypeMiss: Error {
    case noType
    case severalTypes([String])
}
