package import FlowmancerCore

/// The shared dictionary itself. A pure value: operations go in, answers and journal entries come out.
package struct SharedDictStore: Sendable {
    private struct Entry {
        var value: [UInt8]
        var revision: UInt64
    }

    private var entries: [String: Entry] = [:]
    private var lastRevision: UInt64 = 0

    package init(_ contents: [String: JSONText]) {
        for (key, value) in contents { _ = store(Array(value.rawValue.utf8), for: key) }
    }

    /// Everything in it, for a checkpoint.
    package var contents: [String: JSONText] {
        entries.mapValues { JSONText(rawValue: String(decoding: $0.value, as: UTF8.self)) }
    }

    /// Returns the value of a key.
    func value(of key: String) -> JSONText? {
        entries[key].map { JSONText(rawValue: String(decoding: $0.value, as: UTF8.self)) }
    }

    /// Performs an operation.
    ///
    /// - Returns: The answer, and what the journal must have before the answer is sent.
    package mutating func perform(_ operation: SharedDictOperation) -> (reply: SharedDictReply, entry: JournalEntry?) {
        switch operation {
        case .get(let key), .beginUpdate(let key):
            return (current(key), nil)
        case .abandonUpdate:
            return (.done, nil)
        case .set(let key, let value):
            return (.done, store(value, for: key))
        case .replace(let key, let value, let revision):
            guard (entries[key]?.revision ?? 0) == revision else { return (current(key), nil) }
            return (.done, store(value, for: key))
        case .remove(let key):
            return (.done, entries.removeValue(forKey: key).map { _ in .remove(key: key) })
        case .keys:
            return (.keys(Array(entries.keys)), nil)
        }
    }

    /// The answer to who reads a value.
    func current(_ key: String) -> SharedDictReply {
        entries[key].map { .value($0.value, revision: $0.revision) } ?? .missing
    }

    private mutating func store(_ value: [UInt8], for key: String) -> JournalEntry {
        lastRevision += 1
        entries[key] = Entry(value: value, revision: lastRevision)
        return .set(key: key, JSONText(rawValue: String(decoding: value, as: UTF8.self)))
    }
}
