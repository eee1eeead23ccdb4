import Synchronization

/// What a job file names under `task`: data from which tasks are checked, listed and started.
///
/// A Swift type is one kind. A kind can also be described without a type, if something else than a type of the program
/// executes its tasks.
package final class TaskKind: Sendable {
    /// The name with a module: `Module.Name`.
    package let qualifiedName: String
    /// What executes tasks of the kind.
    package let runtime: TaskRuntime
    /// What a job file can set.
    package let parameters: KindParameters
    /// The Swift type, if the kind is one.
    package let type: (any FlowTask.Type)?
    /// `nil` until somebody asks, since the symbol of a type takes long to make.
    private let knownSymbol: Mutex<String?>

    /// Creates a kind that is not a Swift type.
    package init(_ description: GroupDescription, runtime: TaskRuntime, symbol: String) {
        qualifiedName = description.typeName
        self.runtime = runtime
        parameters = KindParameters(description)
        type = nil
        knownSymbol = Mutex(symbol)
    }

    private init(_ type: any FlowTask.Type) {
        qualifiedName = TypeName.qualified(type)
        runtime = type is any CommandTask.Type ? .command : .swift
        parameters = KindParameters(of: type)
        self.type = type
        knownSymbol = Mutex(nil)
    }

    private static let known = Mutex<[ObjectIdentifier: TaskKind]>([:])

    /// Returns the kind that a type is, always the same for one type.
    package static func of(_ type: any FlowTask.Type) -> TaskKind {
        known.withLock { known in
            if let kind = known[ObjectIdentifier(type)] { return kind }
            let kind = TaskKind(type)
            known[ObjectIdentifier(type)] = kind
            return kind
        }
    }

    /// The name by which the runtime finds what executes the tasks.
    package var symbol: String {
        knownSymbol.withLock { symbol in
            if let symbol { return symbol }
            let made = type.map(Self.symbol) ?? qualifiedName
            symbol = made
            return made
        }
    }

    /// Returns the name by which a worker finds a type: its mangled name, by which generic types are found, too.
    package static func symbol(of type: any FlowTask.Type) -> String {
        // The mangled name of a private type contains an address, which means nothing in another process.
        if let name = _mangledTypeName(type), _typeByName(name) != nil { return name }
        return TypeName.qualified(type)
    }
}
