/// The tasks, executors, loggers, extensions, checkpointers and histories that job files can name.
///
/// The catalogue of an executable holds every type that conforms to one of the six protocols, except generic types and
/// classes that inherit the conformance: register those. A type is found by its bare name if no other type has the same
/// name; `Module.Name` always works. A nested type is `Inner`, `Outer.Inner` or `Module.Outer.Inner`.
public struct TypeCatalog: Sendable {
    private var tasks = TypeIndex<TaskKind>()
    private var executors = TypeIndex<any FlowExecutor.Type>()
    private var loggers = TypeIndex<any FlowLogger.Type>()
    private var extensions = TypeIndex<any FlowExtension.Type>()
    private var checkpointers = TypeIndex<any FlowCheckpointer.Type>()
    private var histories = TypeIndex<any FlowHistory.Type>()
    /// Generic types, which only have metadata once their arguments are known, by their names with a module.
    private var generics: [JobIssue.NamedKind: Set<String>] = [:]
    /// Finds the error types of the program by their names with a module; `nil` if nobody knows them. It is only asked about
    /// jobs that name error types.
    package var errorTypes: (@Sendable () -> [String])?

    /// Creates an empty catalogue.
    public init() {}

    /// Adds a type, under its own name or another.
    ///
    /// - Parameters:
    ///   - type: A task, executor, logger, extension, checkpointer or history, or several of these at once.
    ///   - name: The name for job files. By default, the type's bare name and `Module.Name`. The names of a generic type
    ///     include its arguments: `Box<Int>`, `Module.Box<Swift.Int>`.
    public mutating func register(_ type: any ParameterGroup.Type, as name: String? = nil) {
        if let type = type as? any FlowTask.Type { add(.of(type), as: name) }
        if let type = type as? any FlowExecutor.Type { add(type, as: name) }
        if let type = type as? any FlowLogger.Type { add(type, as: name) }
        if let type = type as? any FlowExtension.Type { add(type, as: name) }
        if let type = type as? any FlowCheckpointer.Type { add(type, as: name) }
        if let type = type as? any FlowHistory.Type { add(type, as: name) }
    }

    package mutating func add(_ kind: TaskKind, as name: String? = nil) {
        tasks.add(kind, kind.qualifiedName, kind.parameters, as: name)
    }

    package mutating func add(_ type: any FlowExecutor.Type, as name: String? = nil) {
        executors.add(type, TypeName.qualified(type), KindParameters(of: type), as: name)
    }

    package mutating func add(_ type: any FlowLogger.Type, as name: String? = nil) {
        loggers.add(type, TypeName.qualified(type), KindParameters(of: type), as: name)
    }

    package mutating func add(_ type: any FlowExtension.Type, as name: String? = nil) {
        extensions.add(type, TypeName.qualified(type), KindParameters(of: type), as: name)
    }

    package mutating func add(_ type: any FlowCheckpointer.Type, as name: String? = nil) {
        checkpointers.add(type, TypeName.qualified(type), KindParameters(of: type), as: name)
    }

    package mutating func add(_ type: any FlowHistory.Type, as name: String? = nil) {
        histories.add(type, TypeName.qualified(type), KindParameters(of: type), as: name)
    }

    /// Remembers that a generic type exists, so that an error can say how to use it.
    package mutating func noteGenericType(_ qualifiedName: String, of kind: JobIssue.NamedKind) {
        generics[kind, default: []].insert(qualifiedName)
    }

    /// The task types of the program, for its workers.
    package var taskTypes: [any FlowTask.Type] {
        // A kind has several names.
        let kinds = Dictionary(tasks.all.map { (ObjectIdentifier($0), $0) }, uniquingKeysWith: { first, _ in first })
        return kinds.values.compactMap(\.type)
    }

    package func task(named name: String) -> Result<TaskKind, LookUpFailure> { find(name, .task, in: tasks) }

    package func executor(named name: String) -> Result<any FlowExecutor.Type, LookUpFailure> {
        find(name, .executor, in: executors)
    }

    package func logger(named name: String) -> Result<any FlowLogger.Type, LookUpFailure> {
        find(name, .logger, in: loggers)
    }

    package func `extension`(named name: String) -> Result<any FlowExtension.Type, LookUpFailure> {
        find(name, .extension, in: extensions)
    }

    package func checkpointer(named name: String) -> Result<any FlowCheckpointer.Type, LookUpFailure> {
        find(name, .checkpointer, in: checkpointers)
    }

    package func history(named name: String) -> Result<any FlowHistory.Type, LookUpFailure> {
        find(name, .history, in: histories)
    }

    /// Returns the kind of a task: the one that it was made with, or the one that it names.
    package func kind(of task: TaskDefinition) -> Result<TaskKind, LookUpFailure> {
        task.kind.map(Result.success) ?? self.task(named: task.variant)
    }

    /// Returns the parameters of the type that a name stands for.
    package func parameters(ofType name: String, _ kind: JobIssue.NamedKind) -> Result<KindParameters, LookUpFailure> {
        index(of: kind).parameters(of: name).mapError { failure($0, name, kind) }
    }

    /// The types of a kind, each once, in the order of their names.
    package func entries(of kind: JobIssue.NamedKind) -> [TypeEntry] { index(of: kind).entries }

    /// Why a name does not stand for exactly one type.
    package struct LookUpFailure: Error {
        package let problem: JobIssue.Problem
    }

    private func index(of kind: JobIssue.NamedKind) -> any NamedTypes {
        switch kind {
        case .task: tasks
        case .executor: executors
        case .logger: loggers
        case .extension: extensions
        case .checkpointer: checkpointers
        case .history: histories
        }
    }

    private func find<Type>(
        _ name: String,
        _ kind: JobIssue.NamedKind,
        in index: TypeIndex<Type>
    ) -> Result<Type, LookUpFailure> {
        index.find(name).mapError { failure($0, name, kind) }
    }

    private func failure(_ miss: TypeMiss, _ name: String, _ kind: JobIssue.NamedKind) -> LookUpFailure {
        switch miss {
        case .severalTypes(let candidates):
            LookUpFailure(problem: .ambiguousType(kind, name, candidates: candidates))
        case .noType:
            LookUpFailure(problem: .unknownType(kind, name, absence(of: name, kind)))
        }
    }

    private func absence(of name: String, _ kind: JobIssue.NamedKind) -> TypeAbsence {
        let others = JobIssue.NamedKind.allCases.filter { $0 != kind && index(of: $0).knows(name) }
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
}
