import FlowmancerCore
import Foundation
import Testing

@Suite struct JournalEntryTests {
    /// A journal that knows no kinds at all: it stores what it is given, and replays it.
    private func replayed(_ entries: [JournalEntry], on start: CheckpointContents) throws -> CheckpointContents {
        let lines = try entries.map { try JSONEncoder().encode($0) }
        return try lines.reduce(into: start) { $0.apply(try JSONDecoder().decode(JournalEntry.self, from: $1)) }
    }

    @Test func aJournalNeedNotKnowTheKinds() throws {
        let start = CheckpointContents(name: "job", sharedDict: ["old": JSONText(rawValue: "1")])
        let contents = try replayed(
            [
                .state(task: "a", .running, attempt: 2), .set(key: "k", JSONText(rawValue: "1.10")),
                .remove(key: "old"), .decision(task: "a", JSONText(rawValue: "[true]")),
            ],
            on: start
        )
        #expect(contents.states == ["a": .running])
        #expect(contents.sharedDict == ["k": JSONText(rawValue: "1.10")])
        #expect(contents.decisions == ["a": JSONText(rawValue: "[true]")])
    }

    @Test func whatATaskPublishedBelongsToItsState() throws {
        let (old, new) = (JSONText(rawValue: "{\"n\":1}"), JSONText(rawValue: "{\"n\":2.50}"))
        let start = CheckpointContents(
            name: "job",
            states: ["a": .completed, "b": .completed],
            outputs: ["a": old, "b": old]
        )
        var entries: [JournalEntry] = [.state(task: "a", .running, attempt: 1)]
        #expect(try replayed(entries, on: start).outputs == ["b": old])
        entries.append(.state(task: "a", .completed, attempt: 1, outputs: new))
        #expect(try replayed(entries, on: start).outputs == ["a": new, "b": old])
    }

    @Test func anEntryOfALaterVersionIsKeptAndChangesNothing() throws {
        let stored = Data(#"{"kind":"promoted","name":"a","attempt":3,"value":"[1]"}"#.utf8)
        let entry = try JSONDecoder().decode(JournalEntry.self, from: stored)
        #expect(entry.kind == JournalEntry.Kind(rawValue: "promoted"))
        let start = CheckpointContents(name: "job", states: ["a": .pending])
        #expect(try replayed([entry], on: start) == start)
        let again = try JSONDecoder().decode(JournalEntry.self, from: JSONEncoder().encode(entry))
        #expect(again == entry)
        #expect(again.value == JSONText(rawValue: "[1]"))
    }

    @Test func contentsOfAnEarlierVersionAreRead() throws {
        let stored = Data(#"{"name":"job","states":{"a":"C"},"sharedDict":{},"fingerprints":{"a":"f"}}"#.utf8)
        let contents = try JSONDecoder().decode(CheckpointContents.self, from: stored)
        #expect(contents == CheckpointContents(name: "job", states: ["a": .completed], fingerprints: ["a": "f"]))
        #expect(try JSONDecoder().decode(CheckpointContents.self, from: JSONEncoder().encode(contents)) == contents)
    }
}
