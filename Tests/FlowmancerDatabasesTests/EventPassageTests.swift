import FlowmancerCore
import FlowmancerDatabases
import Testing

struct EventPassageTests {
    private func row(_ number: Int, _ json: String? = nil, isIntact: Bool = true) -> EventPassage.Row {
        let text = json ?? #"{"n":\#(number),"at":1,"weather":"fine"}"#
        return EventPassage.Row(number: number, json: text, isIntact: isIntact)
    }

    private func passage(after number: Int = 0) -> EventPassage { EventPassage(of: RunID(), at: "here", after: number) }

    @Test func whatFollowsIsHandedOut() {
        var passage = passage(after: 7)
        #expect(passage.take([]).events.isEmpty)
        #expect(passage.take([row(8), row(9)]).events.map(\.number) == [8, 9])
        #expect(passage.take([row(10)]).events.map(\.number) == [10])
        #expect(passage.last == 10 && !passage.isOver)
    }

    @Test(arguments: ["gap", "damage", "no event", "another event"])
    func nothingIsReadBehindWhatDoesNotFit(_ fault: String) {
        var passage = passage()
        let bad =
            switch fault {
            case "gap": row(4)
            case "damage": row(3, isIntact: false)
            case "no event": row(3, "[]")
            default: row(3, #"{"n":4,"at":1,"weather":"fine"}"#)
            }
        let found = passage.take([row(1), row(2), bad, row(bad.number + 1)])
        #expect(found.events.map(\.number) == [1, 2])
        #expect(found.problem?.reason.hasSuffix("what follows is not shown") == true)
        #expect(passage.isOver)
        let more = passage.take([row(3)])
        #expect(more.events.isEmpty && more.problem == found.problem)
    }
}
