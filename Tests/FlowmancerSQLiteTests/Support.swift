import GRDB
import Synchronization

/// Counts who is where only one may be.
final class Counters: Sendable {
    private let state = Mutex((now: 0, conflicts: 0, entries: 0))

    var conflicts: Int { state.withLock { $0.conflicts } }
    var entries: Int { state.withLock { $0.entries } }

    func enter() {
        state.withLock { state in
            state.now += 1
            state.entries += 1
            if state.now > 1 { state.conflicts += 1 }
        }
    }

    func leave() {
        state.withLock { $0.now -= 1 }
    }
}

/// Another program that uses a database.
final class LockingConnection {
    private let queue: DatabaseQueue

    init(_ path: String) throws {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        queue = try DatabaseQueue(path: path, configuration: configuration)
    }

    func execute(_ sql: String) throws {
        try queue.inDatabase { try $0.execute(sql: sql) }
    }

    func rows(_ sql: String) throws -> [String] {
        try queue.inDatabase { db in
            try Row.fetchAll(db, sql: sql).map { row in
                row.map { "\($0.1.storage.value ?? "NULL")" }.joined(separator: "|")
            }
        }
    }
}
