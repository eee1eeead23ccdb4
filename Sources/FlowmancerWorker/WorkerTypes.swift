import FlowmancerCore
import Synchronization

/// The task types of the executable by their symbols: ``TaskKind/symbol(of:)``.
final class WorkerTypes: Sendable {
    private let catalog: @Sendable () -> [any FlowTask.Type]
    private let known = Mutex<[String: any FlowTask.Type]>([:])

    init(_ catalog: @escaping @Sendable () -> [any FlowTask.Type]) {
        self.catalog = catalog
    }

    /// Returns the type of a name, or `nil` if the executable has none.
    func type(symbol name: String) -> (any FlowTask.Type)? {
        known.withLock { known in
            if let type = known[name] { return type }
            if let type = _typeByName(name) as? any FlowTask.Type {
                known[name] = type
                return type
            }
            // Private and local types are not found by name, only by looking through all.
            Self.find(catalog(), &known)
            return known[name]
        }
    }

    /// Finds all types beforehand.
    ///
    /// - Parameter found: Is called with each.
    func findAll(_ found: (any FlowTask.Type) -> Void) {
        let types = catalog()
        known.withLock { Self.find(types, &$0) }
        for type in types { found(type) }
    }

    /// Adds a type that is not in the catalogue.
    func add(_ type: any FlowTask.Type) {
        known.withLock { Self.find([type], &$0) }
    }

    private static func find(_ types: [any FlowTask.Type], _ known: inout [String: any FlowTask.Type]) {
        for type in types { known[TaskKind.symbol(of: type)] = type }
    }
}
