import FlowmancerCore
import Testing

@testable import FlowmancerEngine

@Suite struct SharedDictStoreTests {
    private var store = SharedDictStore(["a": JSONText(rawValue: "1")])

    @Test mutating func writesAreReadAndJournalled() {
        #expect(store.perform(.get(key: "b")).reply == .missing)
        let write = store.perform(.set(key: "b", value: Array("\"x\"".utf8)))
        #expect(write.reply == .done)
        #expect(write.entry == .set(key: "b", JSONText(rawValue: "\"x\"")))
        #expect(store.contents == ["a": JSONText(rawValue: "1"), "b": JSONText(rawValue: "\"x\"")])
    }

    @Test mutating func aReplacementNeedsTheRevisionThatWasRead() {
        guard case .value(_, let revision) = store.perform(.get(key: "a")).reply else {
            Issue.record("the value is missing")
            return
        }
        #expect(store.perform(.replace(key: "a", value: [50], ifRevision: revision)).reply == .done)
        let late = store.perform(.replace(key: "a", value: [51], ifRevision: revision))
        #expect(late.entry == nil)
        guard case .value([50], let current) = late.reply else {
            Issue.record("\(late.reply)")
            return
        }
        #expect(store.perform(.replace(key: "a", value: [51], ifRevision: current)).reply == .done)
    }

    @Test mutating func revisionZeroStandsForNoValue() {
        #expect(store.perform(.replace(key: "n", value: [49], ifRevision: 0)).reply == .done)
        #expect(store.perform(.replace(key: "n", value: [50], ifRevision: 0)).reply != .done)
        #expect(store.perform(.replace(key: "m", value: [50], ifRevision: 7)).reply == .missing)
    }

    @Test mutating func aValueThatWasRemovedAndSetAgainHasAnotherRevision() {
        guard case .value(_, let revision) = store.perform(.get(key: "a")).reply else { return }
        #expect(store.perform(.remove(key: "a")).entry == .remove(key: "a"))
        #expect(store.perform(.remove(key: "a")).entry == nil)
        _ = store.perform(.set(key: "a", value: [49]))
        #expect(store.perform(.replace(key: "a", value: [50], ifRevision: revision)).reply != .done)
    }
}
