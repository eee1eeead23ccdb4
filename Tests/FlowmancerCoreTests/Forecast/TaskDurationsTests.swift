import FlowmancerCore
import TestSupport
import Testing

struct TaskDurationsTests {
    @Test func theMedianOfTheRunsCounts() async throws {
        var past = PastRuns()
        for seconds in [3.0, 100, 1] { past.add(["a": seconds]) }
        #expect(try await past.durations.duration(of: "a") == .seconds(3))
        past.add(["a": 4])
        #expect(try await past.durations.duration(of: "a") == .seconds(3.5))
        #expect(try await past.durations.runs == past.runs.reversed().map(\.record.id))
    }

    @Test func onlyTheLastRunsCount() async throws {
        var past = PastRuns()
        for _ in 0..<10 { past.add(["a": 100]) }
        for _ in 0..<5 { past.add(["a": 1]) }
        let durations = try await past.durations
        #expect(durations.duration(of: "a") == .seconds(1))
        #expect(durations.runs.count == 5)
    }

    /// A restart has only the rest of the tasks, so it does not push out the run that it continues.
    @Test func aRestartBelongsToTheRunThatItContinues() async throws {
        var past = PastRuns()
        past.add(["a": 1, "b": 2])
        for _ in 0..<6 { past.add(["b": 5], isRestart: true) }
        #expect(try await past.durations.duration(of: "a") == .seconds(1))
        #expect(try await past.durations.duration(of: "b") == .seconds(5))
    }

    @Test func aTaskTakesFromItsFirstAttemptUntilItCompletes() async throws {
        var past = PastRuns()
        past.add([
            (0, StateChange(task: "a", attempt: 1, from: .pending, to: .running)),
            (2, StateChange(task: "a", attempt: 1, from: .running, to: .pending)),
            (3, StateChange(task: "a", attempt: 2, from: .pending, to: .running)),
            (7, StateChange(task: "a", attempt: 2, from: .running, to: .completed)),
            // A failure says nothing about the time that success takes.
            (7, StateChange(task: "b", attempt: 1, from: .pending, to: .running)),
            (8, StateChange(task: "b", attempt: 1, from: .running, to: .failed)),
        ])
        let durations = try await past.durations
        #expect(durations.duration(of: "a") == .seconds(7))
        #expect(durations.duration(of: "b") == nil)
        #expect(durations.peak == 1)
    }

    @Test func whatNeverRanTakesNoTime() async throws {
        var past = PastRuns()
        past.add([
            (0, StateChange(task: "condition", from: .pending, to: .skipped, reason: "`when` is false")),
            (0, StateChange(task: "fresh", from: .pending, to: .completed, reason: "up to date")),
            (0, StateChange(task: "left", from: .pending, to: .skipped, reason: "left out on request")),
            (0, StateChange(task: "kept", from: .initial, to: .completed)),
            (0, StateChange(task: "unreached", from: .pending, to: .defaulted)),
            (0, StateChange(task: "a", attempt: 1, from: .pending, to: .running)),
            (1, StateChange(task: "a", attempt: 1, from: .running, to: .completed)),
        ])
        let durations = try await past.durations
        #expect(durations.duration(of: "condition") == .zero)
        #expect(durations.duration(of: "fresh") == .zero)
        for task in ["left", "kept", "unreached"] { #expect(durations.duration(of: task) == nil, "\(task)") }
    }

    @Test func ofANewItemTheOthersSayHowLongItTakes() async throws {
        var past = PastRuns()
        past.add(["load[a]": 1, "load[b]": 2, "load[c]": 9, "each[a]/send": 4, "plain": 7])
        let durations = try await past.durations
        #expect(durations.duration(of: "load[b]") == .seconds(2))
        #expect(durations.duration(of: "load[new]") == .seconds(2))
        #expect(durations.duration(of: "each[new]/send") == .seconds(4))
        #expect(durations.duration(of: "other[a]") == nil)
    }

    @Test func theItemsOfAGroupAreThoseOfTheNewestRunThatHadIt() async throws {
        var past = PastRuns()
        past.add(["load[a]": 1, "load[b]": 1])
        past.add(["load[b]": 1, "load[c]": 1, "each[x]/in[y]": 1])
        past.add(["a": 1])
        let durations = try await past.durations
        #expect(durations.members(of: "load") == ["load[b]", "load[c]"])
        #expect(durations.members(of: "each") == ["each[x]/in[y]"])
        #expect(durations.members(of: "a") == [])
    }

    @Test func runsThatCannotBeReadArePassedOver() async throws {
        var past = PastRuns()
        #expect(try await past.durations.isEmpty)
        past.add(["a": 1])
        past.add([(0, StateChange(task: "a", attempt: 1, from: .running, to: .completed))])
        past.add([], isDamaged: true)
        past.add([(0, StateChange(task: "a", attempt: 1, from: .pending, to: .running))], state: .underWay)
        #expect(try await past.durations.duration(of: "a") == .seconds(1))
        #expect(try await past.durations.runs == [past.runs[0].record.id])
    }

    /// However many events there are, no more than so many are read.
    @Test func readingIsBounded() async throws {
        var past = PastRuns()
        past.add(Dictionary(uniqueKeysWithValues: (10..<90).map { ("t\($0)", 1) }))
        past.add(["t10": 2])
        let durations = try await TaskDurations.read(of: "job", from: past, atMost: 101)
        #expect(durations.duration(of: "t10") == .seconds(1.5))
        // The first two events are those of the newest run.
        #expect(durations.duration(of: "t58") == .seconds(1) && durations.duration(of: "t59") == nil)
    }
}
