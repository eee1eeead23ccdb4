import FlowmancerCore
import FoundationEssentials
import Testing

/// The events of a kept run, as extensions got them.
@Suite struct EventReplayTests {
    private let start = Date(timeIntervalSince1970: 1_764_547_200)

    private func replay(_ tasks: [RecordedTask], nodes: [String] = []) -> EventReplay {
        EventReplay(RunRecord(id: RunID(), jobName: "demo", startedAt: start), RunShape(tasks: tasks, nodes: nodes))
    }

    private func words(_ events: [ExecutionEvent]) -> [String] {
        events.map { "\($0.taskName) in \($0.groupName ?? "-") \($0.from)>\($0.to) \($0.attempt)" }
    }

    @Test func allTasksWaitAtTheBeginningAndGroupsAreNotTold() {
        let tasks = [
            RecordedTask(name: "a"), RecordedTask(name: "g", form: .items), RecordedTask(name: "j", form: .job),
            RecordedTask(name: "j/b", container: 2),
        ]
        let replay = replay(tasks, nodes: ["a", "g", "g[1]", "j", "j/b"])
        #expect(
            words(replay.beginning) == [
                "a in - initial>pending 0", "g[1] in g initial>pending 0", "j/b in j initial>pending 0",
            ]
        )
        #expect(replay.beginning.allSatisfy { $0.timestamp == start && $0.jobName == "demo" })
    }

    @Test func aChangeIsWhatItWas() {
        var replay = replay([RecordedTask(name: "a")])
        let failure = AttemptFailure(reason: "exit code 1", lastLines: ["oh"])
        let change = StateChange(
            task: "a",
            attempt: 2,
            from: .running,
            to: .failed,
            reason: "why",
            isAllowedFailure: true,
            failure: failure
        )
        let events = replay.events(of: RecordedEvent(number: 1, time: start + 1, change))
        #expect(words(events) == ["a in - running>failed 2"])
        #expect(events[0].reason == "why" && events[0].isAllowedFailure && events[0].failure == failure)
        #expect(events[0].timestamp == start + 1)
    }

    @Test func membersWaitWhenTheirGroupGetsThem() {
        let tasks = [RecordedTask(name: "g", form: .itemJobs), RecordedTask(name: "g/b", container: 0)]
        var replay = replay(tasks, nodes: ["g"])
        #expect(replay.beginning.isEmpty)
        let expansion = Expansion(group: "g", nodes: ["g[x]", "g[x]/b", "g[y]", "g[y]/b"])
        let event = RecordedEvent(number: 1, time: start, expansion)
        #expect(
            words(replay.events(of: event)) == [
                "g[x]/b in g[x] initial>pending 0", "g[y]/b in g[y] initial>pending 0",
            ]
        )
        #expect(replay.events(of: event).isEmpty)
    }

    @Test func whatNothingTellsOfIsAddedWhenItChanges() {
        var replay = replay([])
        let change = StateChange(task: "lost", attempt: 1, from: .pending, to: .running)
        let events = replay.events(of: RecordedEvent(number: 7, time: start, change))
        #expect(words(events) == ["lost in - initial>pending 0", "lost in - pending>running 1"])
        let end = RecordedEvent(number: 8, time: start, RunConclusion(state: .failed))
        #expect(replay.events(of: end).isEmpty)
    }
}
