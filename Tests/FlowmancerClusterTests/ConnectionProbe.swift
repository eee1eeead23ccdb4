import FlowmancerCore
import Synchronization

/// Keeps what a connection hands on, so that a test can wait for it.
final class ConnectionProbe: Sendable {
    struct Record: Sendable {
        var bytes: [UInt8] = []
        var drained = 0
        var reasons: [String] = []
        /// What came behind the end.
        var late = 0
    }

    private struct Waiter {
        var condition: @Sendable (Record) -> Bool
        var continuation: CheckedContinuation<Record, Never>
    }

    let connection: any PilotConnection
    private let state = Mutex((record: Record(), waiters: [Waiter]()))

    /// - Parameter begins: Whether it begins to receive at once.
    init(_ connection: any PilotConnection, begins: Bool = true) {
        self.connection = connection
        if begins { begin() }
    }

    func begin() {
        connection.begin { event in self.take(event) }
    }

    var record: Record { state.withLock { $0.record } }

    private func take(_ event: PilotConnectionEvent) {
        let ready = state.withLock { state -> ([Waiter], Record) in
            if !state.record.reasons.isEmpty { state.record.late += 1 }
            switch event {
            case .received(let bytes): state.record.bytes += bytes
            case .drained: state.record.drained += 1
            case .ended(let reason): state.record.reasons.append(reason)
            }
            let record = state.record
            let ready = state.waiters.filter { $0.condition(record) }
            state.waiters.removeAll { $0.condition(record) }
            return (ready, record)
        }
        for waiter in ready.0 { waiter.continuation.resume(returning: ready.1) }
    }

    /// Waits until something is so.
    @discardableResult
    func wait(until condition: @escaping @Sendable (Record) -> Bool) async -> Record {
        await withCheckedContinuation { continuation in
            let record = state.withLock { state -> Record? in
                if condition(state.record) { return state.record }
                state.waiters.append(Waiter(condition: condition, continuation: continuation))
                return nil
            }
            if let record { continuation.resume(returning: record) }
        }
    }

    /// Waits for so many bytes.
    func bytes(_ count: Int) async -> [UInt8] { await wait { $0.bytes.count >= count || !$0.reasons.isEmpty }.bytes }

    /// Waits for the end.
    func end() async -> String { await wait { !$0.reasons.isEmpty }.reasons[0] }
}
