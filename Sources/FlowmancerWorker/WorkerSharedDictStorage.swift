import FlowmancerCore
import FlowmancerWire
import Synchronization

/// The shared dictionary as a worker sees it: the engine holds it, requests go over the socket.
final class WorkerSharedDictStorage: SharedDictStorage {
    private let connection: WorkerConnection
    private let requests = Mutex(Requests())
    /// Far fewer than the requests that the engine holds: `ReplyWindow.maximumRequests`.
    private let updates = UpdateGate(capacity: 64)

    private struct Requests {
        var lastID: UInt64 = 0
        var open: [UInt64: CheckedContinuation<WireSharedReply, any Error>] = [:]
    }

    init(connection: WorkerConnection) {
        self.connection = connection
    }

    func perform(_ operation: SharedDictOperation) async throws -> SharedDictReply {
        switch operation {
        case .beginUpdate:
            await updates.enter()
            do {
                return try await request(operation)
            } catch {
                updates.leave()
                throw error
            }
        case .replace:
            let reply = try await request(operation)
            if reply == .done { updates.leave() }
            return reply
        case .abandonUpdate:
            defer { updates.leave() }
            return try await request(operation)
        case .get, .set, .remove, .keys:
            return try await request(operation)
        }
    }

    private func request(_ operation: SharedDictOperation) async throws -> SharedDictReply {
        let answer: WireSharedReply = try await withCheckedThrowingContinuation { continuation in
            let id = requests.withLock { requests in
                requests.lastID += 1
                requests.open[requests.lastID] = continuation
                return requests.lastID
            }
            do {
                try connection.send(.sharedRequest(WireSharedRequest(operation, id: id)))
            } catch {
                let text = "is too large: \(error)"
                take(id)?.resume(throwing: SharedDictError(.tooLarge, key: operation.key, text: text))
            }
        }
        if let reply = SharedDictReply(answer) { return reply }
        throw SharedDictError(.notCodable, key: operation.key, text: "was refused by the engine: \(answer.refused)")
    }

    /// Takes in the engine's answer to an earlier request.
    func resolve(_ reply: WireSharedReply) {
        take(reply.requestID)?.resume(returning: reply)
    }

    private func take(_ id: UInt64) -> CheckedContinuation<WireSharedReply, any Error>? {
        requests.withLock { $0.open.removeValue(forKey: id) }
    }
}

extension SharedDictOperation {
    /// The key that the operation is about; empty for ``keys``.
    fileprivate var key: String {
        switch self {
        case .get(let key), .set(let key, _), .replace(let key, _, _), .remove(let key), .beginUpdate(let key),
            .abandonUpdate(let key):
            key
        case .keys: ""
        }
    }
}
