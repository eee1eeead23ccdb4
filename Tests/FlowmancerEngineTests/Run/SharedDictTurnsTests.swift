import Testing

@testable import FlowmancerEngine

@Suite struct SharedDictTurnsTests {
    private var turns = SharedDictTurns<String>()
    private let a = SharedDictClient.attempt(1)
    private let b = SharedDictClient.attempt(2)
    private let c = SharedDictClient.plugins

    @Test mutating func turnsFollowTheOrderOfArrival() {
        #expect(turns.enter("x", a, "a") == true)
        #expect(turns.enter("x", b, "b") == false)
        #expect(turns.enter("x", c, "c") == false)
        #expect(turns.enter("y", b, "b of y") == true)
        #expect(turns.leave("x", b) == nil)
        #expect(turns.leave("x", a) == "b")
        #expect(turns.leave("x", b) == "c")
        #expect(turns.leave("x", c) == nil)
        #expect(turns.enter("x", b, "again") == true)
    }

    @Test mutating func whoIsGoneNeitherHoldsNorWaits() {
        _ = turns.enter("x", a, "a")
        _ = turns.enter("x", b, "b")
        _ = turns.enter("x", a, "a again")
        _ = turns.enter("y", b, "b of y")
        _ = turns.enter("y", a, "a of y")
        #expect(turns.leaveAll(a).map(\.ticket) == ["a again", "b", "a of y"])
        #expect(turns.leaveAll(a).count == 0)
        #expect(turns.leave("y", b) == nil)
        #expect(turns.enter("y", c, "c") == true)
    }

    @Test mutating func aTurnCanBeTakenAwayOnlyWhileItLasts() throws {
        _ = turns.enter("x", a, "a")
        #expect(turns.awaitedTurn(of: "x") == nil)
        _ = turns.enter("x", b, "b")
        let first = try #require(turns.awaitedTurn(of: "x"))
        #expect(turns.end(first, of: "x") == "b")
        #expect(turns.end(first, of: "x") == nil)
        #expect(turns.leave("x", a) == nil)
        #expect(turns.enter("x", c, "c") == false)
        #expect(turns.leave("x", b) == "c")
    }

    @Test mutating func allWhoWaitCanBeDismissed() {
        _ = turns.enter("x", a, "a")
        _ = turns.enter("x", b, "b")
        _ = turns.enter("x", c, "c")
        #expect(turns.dismissAll().map(\.ticket) == ["b", "c"])
        #expect(turns.enter("x", b, "b") == true)
    }
}
