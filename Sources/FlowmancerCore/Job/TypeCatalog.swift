/// The tasks, loggers, extensions and checkpointers that job files can name.
///
/// An executable's catalogue holds every type in it that conforms to one of the four protocols. Under its bare name a
/// type is found if no other has the same; `Module.Name` always works. A nested type is `Inner`
/// or `Module.Outer.Inner`.
public struct TypeCatalog: Sendable {
    private var tasks = Index<any FlowTask.Type>()
    private var loggers = Index<any FlowLogger.Type>()
    private var extensions = Index<any FlowExtension.Type>()
    private var checkpointers = Index<any FlowCheckpointer.Type>()

    /// Creates an empty catalogue.
    public init() {}

    /// Adds a type, under its own name or another.
    ///
    /// - Parameters:
    ///   - type: A task, logger, extension or checkpointer; a type that is several of these is each.
    ///   - name: The name for job files; without it, the type's bare name and `Module.Name`. Those of a generic type
    ///     have its arguments: `Box<Int>`, `Module.Box<Swift.Int>`.
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

    /// What a type is called.
    private struct Names {
        let qualified: String
        /// What job files may call it.
        let known: Set<String>

        init(of type: Any.Type, alias: String?) {
            qualified = TypeName.qualified(type)
            known = alias.map { [$0] } ?? [qualified, TypeName.bare(qualified)]
        }
    }

    /// All task types.
    package var taskTypes: [any FlowTask.Type] { tasks.all }

    package func task(named name: String) -> Result<any FlowTask.Type, LookUpFailure> {
        tasks.find(name, kind: .task)
    }

    package func logger(named name: String) -> Result<any FlowLogger.Type, LookUpFailure> {
        loggers.find(name, kind: .logger)
    }

    package func `extension`(named name: String) -> Result<any FlowExtension.Type, LookUpFailure> {
        extensions.find(name, kind: .extension)
    }

    package func checkpointer(named name: String) -> Result<any FlowCheckpointer.Type, LookUpFailure> {
        checkpointers.find(name, kind: .checkpointer)
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
                    // A name that several types have stands for none.
                    let own = candidates.count == 1 ? [name] : []
                    entries[qualified, default: TypeEntry(qualifiedName: qualified, type: group)].names.formUnion(own)
                }
            }
            return entries.values.sorted { ($0.name, $0.qualifiedName) < ($1.name, $1.qualifiedName) }
        }

        func find(_ name: String, kind: JobIssue.NamedKind) -> Result<Type, LookUpFailure> {
            switch types[name]?.count {
            case 1?:
                return .success(types[name]![0].type)
            case nil, 0?:
                let known = types.keys.filter { !$0.contains(".") }.sorted()
                return .failure(LookUpFailure(problem: .unknownType(kind, name, known: known)))
            default:
                let candidates = types[name]!.map(\.qualified).sorted()
                return .failure(LookUpFailure(problem: .ambiguousType(kind, name, candidates: candidates)))
            }
        }
    }
}
