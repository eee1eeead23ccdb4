/// The tasks, loggers, extensions and checkpointers that job files can name.
///
/// The catalogue of an executable holds every type that conforms to one of the four protocols, except generic types and
/// classes that inherit the conformance: register those. A type is found by its bare name if no other type has the same
/// name; `Module.Name` always works. A nested type is `Inner`, `Outer.Inner` or `Module.Outer.Inner`.
public struct TypeCatalog: Sendable {
    private var tasks = Index<any FlowTask.Type>()
    private var loggers = Index<any FlowLogger.Type>()
    private var extensions = Index<any FlowExtension.Type>()
    private var checkpointers = Index<any FlowCheckpointer.Type>()
    /// Generic types, which only have metadata once their arguments are known, by their names with a module.
    private var generics: [JobIssue.NamedKind: Set<String>] = [:]

    /// Creates an empty catalogue.
    public init() {}

    /// Adds a type, under its own name or another.
    ///
    /// - Parameters:
    ///   - type: A task, logger, extension or checkpointer, or several of these at once.
    ///   - name: The name for job files. By default, the type's bare name and `Module.Name`. The names of a generic type
    ///     include its arguments: `Box<Int>`, `Module.Box<Swift.Int>`.
    public mutating func register(_ type: any ParameterGroup.Type, as name: String? = nil) {
        if let type = type as? any FlowTask.Type { add(type, as: name) }
        if let type = type as? any FlowLogger.Type { add(type, as: name) }
        if let type = type as? any FlowExtension.Type { add(type, as: name) }
        if let type = type as? any FlowCheckpointer.Type { add(type, as: name) }
    }

    package mutating func add(_ type: any FlowTask.Type, as name: String? = nil) {
        tasks.add(type, Names(of: type, alias: name))
    }

    package mutating func add(_ type: any FlowLogger.Type, as name: String? = nil) {
        loggers.add(type, Names(of: type, alias: name))
    }

    package mutating func add(_ type: any FlowExtension.Type, as name: String? = nil) {
        extensions.add(type, Names(of: type, alias: name))
    }

    package mutating func add(_ type: any FlowCheckpointer.Type, as name: String? = nil) {
        checkpointers.add(type, Names(of: type, alias: name))
    }

    /// Remembers that a generic type exists, so that an error can say how to use it.
    package mutating func noteGenericType(_ qualifiedName: String, of kind: JobIssue.NamedKind) {
        generics[kind, default: []].insert(qualifiedName)
    }

    /// What a type is called.
    private struct Names {
        let qualified: String
        /// What job files may call it.
        let known: Set<String>

        init(of type: Any.Type, alias: String?) {
            qualified = TypeName.qualified(type)
            known = alias.map { [$0] } ?? TypeName.spellings(of: qualified)
        }
    }

    /// All task types.
    package var taskTypes: [any FlowTask.Type] { tasks.all }

    package func task(named name: String) -> Result<any FlowTask.Type, LookUpFailure> {
        tasks.find(name).mapError { failure($0, name, .task) }
    }

    package func logger(named name: String) -> Result<any FlowLogger.Type, LookUpFailure> {
        loggers.find(name).mapError { failure($0, name, .logger) }
    }

    package func `extension`(named name: String) -> Result<any FlowExtension.Type, LookUpFailure> {
        extensions.find(name).mapError { failure($0, name, .extension) }
    }

    package func checkpointer(named name: String) -> Result<any FlowCheckpointer.Type, LookUpFailure> {
        checkpointers.find(name).mapError { failure($0, name, .checkpointer) }
    }

    /// The types of a kind, each once, in the order of their names.
    package func entries(of kind: JobIssue.NamedKind) -> [TypeEntry] {
        switch kind {
        case .task: tasks.entries
        case .logger: loggers.entries
        case .extension: extensions.entries
        case .checkpointer: checkpointers.entries
        }
    }

    /// Why a name does not stand for exactly one type.
    package struct LookUpFailure: Error {
        package let problem: JobIssue.Problem
    }

    private func failure(_ miss: Miss, _ name: String, _ kind: JobIssue.NamedKind) -> LookUpFailure {
        switch miss {
        case .severalTypes(let candidates):
            LookUpFailure(problem: .ambiguousType(kind, name, candidates: candidates))
        case .noType:
            LookUpFailure(problem: .unknownType(kind, name, absence(of: name, kind)))
        }
    }

    private func absence(of name: String, _ kind: JobIssue.NamedKind) -> TypeAbsence {
        let others = JobIssue.NamedKind.allCases.filter { $0 != kind && knows(name, as: $0) }
        if !others.isEmpty { return .otherKind(others) }
        let template = String(name.prefix { $0 != "<" })
        for generic in (generics[kind] ?? []).sorted() where TypeName.spellings(of: generic).contains(template) {
            let bare = TypeName.bare(generic)
            let registered = entries(of: kind).map(\.name).filter { $0.hasPrefix("\(bare)<") }
            return .generic(bare, registered: registered)
        }
        if let product = OptionalProduct.providing(name, as: kind) {
            return .inProduct(product, hasProduct: product.isPresent)
        }
        let modules = modules
        if let type = RuntimeType.find(name, in: modules) {
            return kind.includes(type) ? .inherited(TypeName.bare(name)) : .notConforming(kind.protocolName)
        }
        if let product = OptionalProduct.providing(name) { return .otherKindInProduct(product) }
        let known = entries(of: kind).flatMap(\.names).filter { !$0.contains(".") }.sorted()
        return .unheardOf(known: known, hasOwnTypes: !modules.allSatisfy { $0.hasPrefix("Flowmancer") })
    }

    private func knows(_ name: String, as kind: JobIssue.NamedKind) -> Bool {
        let miss: Miss? =
            switch kind {
            case .task: tasks.find(name).failure
            case .logger: loggers.find(name).failure
            case .extension: extensions.find(name).failure
            case .checkpointer: checkpointers.find(name).failure
            }
        return if case .noType? = miss { false } else { true }
    }

    /// Why a name does not stand for one type of a kind.
    private enum Miss: Error {
        case noType
        case severalTypes([String])
    }

    /// The types of one kind by every name that they answer to.
    private struct Index<Type: Sendable>: Sendable {
        private var types: [String: [(qualified: String, type: Type)]] = [:]

        mutating func add(_ type: Type, _ names: Names) {
            for name in names.known where !(types[name] ?? []).contains(where: { $0.qualified == names.qualified }) {
                types[name, default: []].append((names.qualified, type))
            }
        }

        var all: [Type] { types.values.flatMap { $0.map(\.type) } }

        var entries: [TypeEntry] {
            var entries: [String: TypeEntry] = [:]
            for (name, candidates) in types {
                for (qualified, type) in candidates {
                    guard let group = type as? any ParameterGroup.Type else { continue }
                    // A name that several types have stands for none, unless it is the full name of one.
                    let own = candidates.count == 1 || name == qualified ? [name] : []
                    entries[qualified, default: TypeEntry(qualifiedName: qualified, type: group)].names.formUnion(own)
                }
            }
            return entries.values.sorted { ($0.name, $0.qualifiedName) < ($1.name, $1.qualifiedName) }
        }

        func find(_ name: String) -> Result<Type, Miss> {
            let candidates = types[name] ?? []
            // A nested type of another module may answer to a name that looks like this one with its module.
            if let match = candidates.first(where: { $0.qualified == name })
                ?? (candidates.count == 1 ? candidates[0] : nil)
            {
                return .success(match.type)
            }
            return .failure(candidates.isEmpty ? .noType : .severalTypes(candidates.map(\.qualified).sorted()))
        }
    }
}

extension Result {
    fileprivate var failure: Failure? { if case .failure(let failure) = self { failure } else { nil } }
}
