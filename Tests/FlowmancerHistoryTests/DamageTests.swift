import FlowmancerCore
import FlowmancerHistory
import FlowmancerRandom
import FoundationEssentials
import TestSupport
import Testing

/// Files that are cut off or changed: what is found in them is less, and never something else.
struct DamageTests {
    private let directory: TemporaryDirectory
    private let run = SampleRun()
    private let name: String

    init() throws {
        directory = try TemporaryDirectory()
        name = "sample/\(run.record.id).run"
    }

    private var history: FileHistory {
        var history = FileHistory()
        history.historyDir = directory.path
        return history
    }

    private func found() async throws -> (page: RunPage, events: [RecordedEvent], problem: HistoryProblem?) {
        let page = try await history.runs(RunQuery())
        guard !page.runs.isEmpty, let reader = try await history.openRun(run.record.id, after: 0) else {
            return (page, [], nil)
        }
        let found = try await reader.next(atMost: 100)
        return (page, found.events, found.problem)
    }

    @Test func aFileThatIsCutOffAnywhereHasTheBeginningOfTheRun() async throws {
        try await run.store(in: history, upTo: run.events.count)
        let bytes = try directory.bytes(name)
        for length in 0..<bytes.count {
            try directory.write(Array(bytes.prefix(length)), to: name)
            let (page, events, problem) = try await found()
            #expect(events == Array(run.events.prefix(events.count)), "after \(length) bytes")
            #expect(problem == nil)
            guard let found = page.runs.first else {
                #expect(page.problems.count == 1)
                continue
            }
            #expect(found.record == run.record)
            // Its process, which is this one, is alive.
            #expect(found.state == .unknown, "after \(length) bytes")
        }
    }

    @Test func aByteThatIsChangedIsNoticed() async throws {
        try await run.store(in: history, upTo: run.events.count)
        let bytes = try directory.bytes(name)
        var random = SeededGenerator(seed: 7)
        for place in bytes.indices {
            var changed = bytes
            changed[place] ^= UInt8.random(in: 1...255, using: &random)
            try directory.write(changed, to: name)
            let (page, events, problem) = try await found()
            #expect(events == Array(run.events.prefix(events.count)), "byte \(place)")
            #expect(problem != nil || page.runs.isEmpty || page.problems.count == 1 || events.count == run.events.count)
            guard let found = page.runs.first else {
                #expect(page.problems.count == 1, "byte \(place)")
                continue
            }
            #expect(found.record == run.record)
            #expect([.succeeded, .unknown].contains(found.state), "byte \(place): \(found.state)")
        }
    }

    @Test func aDamagedEndIsNotTakenForAnInterruptedRun() async throws {
        var other = SampleRun()
        other.record.process?.startTicks -= 1
        try await other.store(in: history, upTo: other.events.count)
        let name = "sample/\(other.record.id).run"
        var bytes = try directory.bytes(name)
        bytes[bytes.count - 5] ^= 1
        try directory.write(bytes, to: name)
        var page = try await history.runs(RunQuery())
        #expect(page.runs.map(\.state) == [.unknown])
        #expect(page.problems.map(\.reason) == ["is damaged at its end, so it is not known how the run ended"])
        bytes[bytes.count - 5] ^= 1
        bytes[bytes.count - 1] = UInt8(ascii: "x")
        try directory.write(bytes, to: name)
        page = try await history.runs(RunQuery())
        #expect(page.runs.map(\.state) == [.unknown])
    }

    @Test func linesThatAreMissingDoubledOrExchangedEndWhatIsShown() async throws {
        try await run.store(in: history, upTo: run.events.count)
        let lines = try directory.text(name).split(separator: "\n").map(String.init)
        for line in 2..<lines.count - 1 {
            for change in 0..<3 {
                var changed = lines
                switch change {
                case 0: changed.remove(at: line)
                case 1: changed.insert(lines[line], at: line)
                default: changed.swapAt(line, line + 1)
                }
                try directory.write(Array((changed.joined(separator: "\n") + "\n").utf8), to: name)
                let (_, events, problem) = try await found()
                #expect(events == Array(run.events.prefix(line - 2 + (change == 1 ? 1 : 0))), "line \(line), \(change)")
                #expect(problem != nil)
            }
        }
    }
}
