import FlowmancerCore

/// Serves the shared dictionary to tasks and plug-ins. Updates of one value take turns; all else is answered at once.
///
/// Used on the event loop only.
final class SharedDictDesk {
    /// Takes the answer, or why there is none.
    typealias Reply = (Result<SharedDictReply, SharedDictError>) -> Void

    enum Request {
        case perform(SharedDictOperation, of: SharedDictClient, Reply)
        /// The client is gone, or what it still asks for is nobody's concern.
        case leave(SharedDictClient)
        /// The time is up after which the turn that others wait for may be taken away.
        case check(key: String)
    }

    /// How long a client may take over an update while others wait; at most twice as long in effect.
    static let patience: Duration = .seconds(5)

    private var store: SharedDictStore
    private var turns = SharedDictTurns<Reply>()
    /// The keys for which somebody waits, each with the turn that lasted when it was last looked at.
    private var watched: [String: UInt64] = [:]
    /// Whether no value changes any more.
    private var isSealed = false
    private let watch: (String) -> Void

    /// Creates a desk.
    ///
    /// - Parameter watch: Makes a ``Request/check(key:)`` arrive after ``patience``.
    init(_ store: SharedDictStore, watch: @escaping (String) -> Void) {
        self.store = store
        self.watch = watch
    }

    /// Everything in the dictionary, for a checkpoint.
    var contents: [String: JSONText] { store.contents }

    /// Returns the present value of a key, for the run itself.
    func value(of key: String) -> JSONText? { store.value(of: key) }

    /// Takes in a request.
    ///
    /// - Parameter replies: Receives what to do once the journal has the entry.
    /// - Returns: What the journal must have.
    func handle(_ request: Request, _ replies: inout [() -> Void]) -> JournalEntry? {
        switch request {
        case .perform(let operation, let client, let send):
            return perform(operation, of: client, send, &replies)
        case .leave(let client):
            for (key, send) in turns.leaveAll(client) { answer(send, key, &replies) }
        case .check(let key):
            check(key, &replies)
        }
        return nil
    }

    /// Answers all who wait for a turn.
    func dismissAll() {
        for (key, send) in turns.dismissAll() { send(.success(store.current(key))) }
    }

    /// Refuses all writes from now on, since nobody would record them. Reads are still answered.
    func seal() {
        isSealed = true
        dismissAll()
    }

    private func perform(
        _ operation: SharedDictOperation,
        of client: SharedDictClient,
        _ send: @escaping Reply,
        _ replies: inout [() -> Void]
    ) -> JournalEntry? {
        if isSealed, let key = operation.writtenKey {
            let text = "can no longer be changed: the run is over, and its last checkpoint is stored"
            replies.append { send(.failure(SharedDictError(.unavailable, key: key, text: text))) }
            return nil
        }
        if case .beginUpdate(let key) = operation, !turns.enter(key, client, send) {
            if watched[key] == nil { look(at: key) }
            return nil
        }
        let (reply, entry) = store.perform(operation)
        replies.append { send(.success(reply)) }
        switch (operation, reply) {
        case (.replace(let key, _, _), .done), (.abandonUpdate(let key), _):
            if let next = turns.leave(key, client) { answer(next, key, &replies) }
        default:
            break
        }
        return entry
    }

    private func answer(_ send: @escaping Reply, _ key: String, _ replies: inout [() -> Void]) {
        let reply = store.current(key)
        replies.append { send(.success(reply)) }
    }

    private func check(_ key: String, _ replies: inout [() -> Void]) {
        if let turn = watched[key], let next = turns.end(turn, of: key) { answer(next, key, &replies) }
        look(at: key)
    }

    private func look(at key: String) {
        watched[key] = turns.awaitedTurn(of: key)
        if watched[key] != nil { watch(key) }
    }
}

extension SharedDictOperation {
    /// The key whose value the operation is to change.
    fileprivate var writtenKey: String? {
        switch self {
        case .set(let key, _), .replace(let key, _, _), .remove(let key), .beginUpdate(let key): key
        case .get, .abandonUpdate, .keys: nil
        }
    }
}
