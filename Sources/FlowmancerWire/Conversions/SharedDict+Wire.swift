package import FlowmancerCore
import FoundationEssentials

extension WireSharedRequest {
    package init(_ operation: SharedDictOperation, id: UInt64) {
        self.init()
        self.id = id
        switch operation {
        case .get(let key): self.operation = .get(key)
        case .set(let key, let value): self.operation = .set(.init(key: key, value: value))
        case .replace(let key, let value, let revision):
            self.operation = .replace(.init(key: key, value: value, revision: revision))
        case .remove(let key): self.operation = .remove(key)
        case .keys: self.operation = .keys(true)
        case .beginUpdate(let key): self.operation = .beginUpdate(key)
        case .abandonUpdate(let key): self.operation = .abandonUpdate(key)
        }
    }
}

extension SharedDictOperation {
    /// Reads a request; `nil` if it asks for nothing that is known.
    package init?(_ request: WireSharedRequest) {
        switch request.operation {
        case .get(let key): self = .get(key: key)
        case .set(let entry): self = .set(key: entry.key, value: [UInt8](entry.value))
        case .replace(let entry):
            self = .replace(key: entry.key, value: [UInt8](entry.value), ifRevision: entry.revision)
        case .remove(let key): self = .remove(key: key)
        case .keys: self = .keys
        case .beginUpdate(let key): self = .beginUpdate(key: key)
        case .abandonUpdate(let key): self = .abandonUpdate(key: key)
        case nil: return nil
        }
    }
}

extension WireSharedReply {
    package init(_ reply: SharedDictReply, to requestID: UInt64) {
        self.init()
        self.requestID = requestID
        switch reply {
        case .done: result = .done(true)
        case .value(let value, let revision): result = .value(.init(key: "", value: value, revision: revision))
        case .missing: result = .missing(true)
        case .keys(let keys): result = .keys(.with { $0.keys = keys })
        }
    }
}

extension SharedDictReply {
    /// Reads a reply; `nil` if it is a refusal.
    package init?(_ reply: WireSharedReply) {
        switch reply.result {
        case .done: self = .done
        case .value(let entry): self = .value([UInt8](entry.value), revision: entry.revision)
        case .missing: self = .missing
        case .keys(let list): self = .keys(list.keys)
        case .refused, nil: return nil
        }
    }
}

extension WireSharedEntry {
    fileprivate init(key: String, value: [UInt8], revision: UInt64 = 0) {
        self.init()
        self.key = key
        self.value = Data(value)
        self.revision = revision
    }
}
