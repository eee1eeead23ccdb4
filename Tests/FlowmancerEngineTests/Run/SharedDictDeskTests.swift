import FlowmancerCore
import TestSupport
import Testing

@testable import FlowmancerEngine

@Suite struct SharedDictDeskTests {
    /// Random clients that update, set, fall silent and vanish: no increment is lost, and nobody waits for ever.
    @Test(arguments: 0..<50 as Range<UInt64>)
    func noIncrementIsLostAndNobodyWaitsForEver(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var world = World()
        for _ in 0..<400 { world.step(using: &random) }
        world.settle()
        #expect(world.waiting.isEmpty)
        #expect(world.value == world.increments)
    }

    @Test func anUpdateIsComputedOnceHoweverManyWait() {
        var world = World()
        for client in 1...100 as ClosedRange<UInt64> { world.begin(.attempt(client)) }
        world.settle()
        #expect(world.value == 100)
        #expect(world.refusals == 0)
    }

    @Test func aTurnThatLastsTooLongPassesOn() {
        var world = World()
        world.begin(.attempt(1))
        world.begin(.attempt(2))
        #expect(world.reading.map(\.client) == [.attempt(1)])
        world.check()
        #expect(world.reading.map(\.client) == [.attempt(1), .attempt(2)])
        #expect(world.commit(1) == true)
        #expect(world.commit(0) == false)
    }

    @Test func aSealedDeskAnswersReadsAndRefusesWrites() {
        let desk = SharedDictDesk(SharedDictStore(["n": JSONText(rawValue: "1")])) { _ in }
        var answers: [Result<SharedDictReply, SharedDictError>] = []
        func ask(_ operations: SharedDictOperation...) {
            var replies: [() -> Void] = []
            for operation in operations {
                let entry = desk.handle(.perform(operation, of: .plugins) { answers.append($0) }, &replies)
                #expect(entry == nil)
            }
            for reply in replies { reply() }
        }
        ask(.beginUpdate(key: "n"), .beginUpdate(key: "n"))
        #expect(answers.count == 1)
        desk.seal()
        // Who waited for a turn has the value, and cannot replace it.
        #expect(answers.map { try? $0.get() } == Array(repeating: .value(Array("1".utf8), revision: 1), count: 2))
        answers = []
        ask(
            .set(key: "n", value: []),
            .replace(key: "n", value: [], ifRevision: 1),
            .remove(key: "n"),
            .beginUpdate(key: "n")
        )
        #expect(answers.count == 4)
        #expect(answers.allSatisfy { if case .failure(let error) = $0 { error.code == .unavailable } else { false } })
        answers = []
        ask(.get(key: "n"), .keys, .abandonUpdate(key: "n"))
        let read: [SharedDictReply] = [.value(Array("1".utf8), revision: 1), .keys(["n"]), .done]
        #expect(answers.map { try? $0.get() } == read)
    }
}

/// A desk with clients that count with it.
private struct World {
    let desk: SharedDictDesk
    private let inbox = Inbox()
    private(set) var increments = 0
    private(set) var refusals = 0

    /// Who was answered, with what, and has not replied.
    var reading: [(client: SharedDictClient, revision: UInt64, value: Int)] { inbox.reading }
    var waiting: [SharedDictClient] { inbox.waiting }

    private final class Inbox {
        var reading: [(client: SharedDictClient, revision: UInt64, value: Int)] = []
        var waiting: [SharedDictClient] = []
        var isWatched = false
    }

    init() {
        desk = SharedDictDesk(SharedDictStore([:])) { [inbox] _ in inbox.isWatched = true }
    }

    var value: Int {
        guard let text = desk.contents["n"]?.rawValue else { return 0 }
        return Int(text) ?? -1
    }

    mutating func step(using random: inout SeededGenerator) {
        let client: SharedDictClient =
            Bool.random(using: &random) ? .attempt(.random(in: 1...5, using: &random)) : .plugins
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<4: begin(client)
        case 4..<8: if !reading.isEmpty { _ = commit(.random(in: reading.indices, using: &random)) }
        case 8:
            handle(.leave(client))
            inbox.reading.removeAll { $0.client == client }
        default: check()
        }
    }

    mutating func begin(_ client: SharedDictClient) {
        inbox.waiting.append(client)
        handle(
            .perform(.beginUpdate(key: "n"), of: client) { [inbox] reply in
                inbox.waiting.remove(at: inbox.waiting.firstIndex(of: client)!)
                inbox.reading.append((client, Self.revision(reply), Self.number(reply)))
            }
        )
    }

    /// Lets a client write what it computed; if that came too late, it has the present value now.
    mutating func commit(_ index: Int) -> Bool {
        let (client, revision, value) = inbox.reading.remove(at: index)
        var isDone = false
        let json = Array(String(value + 1).utf8)
        handle(
            .perform(.replace(key: "n", value: json, ifRevision: revision), of: client) { [inbox] reply in
                isDone = (try? reply.get()) == .done
                if !isDone { inbox.reading.append((client, Self.revision(reply), Self.number(reply))) }
            }
        )
        if isDone { increments += 1 } else { refusals += 1 }
        return isDone
    }

    func check() {
        guard inbox.isWatched else { return }
        inbox.isWatched = false
        handle(.check(key: "n"))
    }

    /// Lets everybody finish.
    mutating func settle() {
        while !reading.isEmpty || inbox.isWatched {
            while !reading.isEmpty { _ = commit(0) }
            check()
        }
    }

    private func handle(_ request: SharedDictDesk.Request) {
        var replies: [() -> Void] = []
        _ = desk.handle(request, &replies)
        for reply in replies { reply() }
    }

    private static func revision(_ reply: Result<SharedDictReply, SharedDictError>) -> UInt64 {
        if case .success(.value(_, let revision)) = reply { revision } else { 0 }
    }

    private static func number(_ reply: Result<SharedDictReply, SharedDictError>) -> Int {
        if case .success(.value(let json, _)) = reply { Int(String(decoding: json, as: UTF8.self)) ?? -1 } else { 0 }
    }
}
