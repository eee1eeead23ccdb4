import FlowmancerCore
import FoundationEssentials
import TestSupport
import Testing

struct RunDigestTests {
    private let start = Date(timeIntervalSince1970: 1_764_547_200)

    private func digest(_ tasks: [RecordedTask], nodes: [String] = [], _ events: [RecordedEvent]) -> RunDigest {
        var digest = RunDigest(RunShape(tasks: tasks, nodes: nodes))
        for event in events { digest.apply(event) }
        return digest
    }

    /// Events of tasks, each of which runs once: its name, when it begins, and how long it takes.
    private func runs(_ tasks: [(name: String, start: Double, duration: Double)]) -> [RecordedEvent] {
        let changes = tasks.flatMap { task in
            [
                (task.start, StateChange(task: task.name, attempt: 1, from: .pending, to: .running)),
                (task.start + task.duration, StateChange(task: task.name, attempt: 1, from: .running, to: .completed)),
            ]
        }
        return changes.sorted { $0.0 < $1.0 }.enumerated().map { number, change in
            RecordedEvent(number: number + 1, time: start.addingTimeInterval(change.0), change.1)
        }
    }

    private func names(_ digest: RunDigest) -> [String] { digest.criticalPath.map { digest.nodes[$0].name } }

    @Test func aTaskHasItsAttemptsAndTheirReasons() throws {
        let failure = AttemptFailure(reason: "exit code 1", lastLines: ["oh"])
        let changes = [
            StateChange(task: "a", attempt: 1, from: .pending, to: .running),
            StateChange(task: "a", attempt: 1, from: .running, to: .pending, failure: failure),
            StateChange(task: "a", attempt: 2, from: .pending, to: .running),
            StateChange(task: "a", attempt: 2, from: .running, to: .failed, isAllowedFailure: true, failure: failure),
            StateChange(task: "b", from: .pending, to: .defaulted, reason: "its dependency 'a' failed"),
        ]
        let events = changes.enumerated().map {
            RecordedEvent(number: $0 + 1, time: start.addingTimeInterval(Double($0)), $1)
        }
        let digest = digest([RecordedTask(name: "a"), RecordedTask(name: "b", dependencies: [0])], events)
        let task = digest.tasks[0]
        #expect(task.state == .failed && task.isAllowedFailure)
        #expect(task.attempts.map(\.state) == [.failed, .failed])
        #expect(task.attempts.map(\.duration) == [.seconds(1), .seconds(1)])
        #expect(task.attempts.map(\.failure) == [failure, failure])
        #expect(task.duration == .seconds(3))
        #expect(digest.tasks[1].reason == "its dependency 'a' failed")
        #expect(digest.counts.filter { $0.value > 0 } == [.failed: 1, .defaulted: 1])
    }

    @Test func theLongestWayIsThatOfTheDurations() {
        let tasks = [
            RecordedTask(name: "a"), RecordedTask(name: "b"), RecordedTask(name: "c", dependencies: [0, 1]),
            RecordedTask(name: "d", dependencies: [0]),
        ]
        let digest = digest(tasks, runs([("a", 0, 5), ("b", 0, 2), ("c", 5, 1), ("d", 6, 3)]))
        #expect(names(digest) == ["a", "d"])
    }

    @Test func theLongestWayLeadsThroughGroups() {
        let tasks = [
            RecordedTask(name: "list"), RecordedTask(name: "load", dependencies: [0], form: .itemJobs),
            RecordedTask(name: "load/fetch", container: 1),
            RecordedTask(name: "load/store", dependencies: [2], container: 1),
            RecordedTask(name: "report", dependencies: [1]),
        ]
        let members = ["eu", "us"].flatMap { ["load[\($0)]", "load[\($0)]/fetch", "load[\($0)]/store"] }
        var events = runs([
            ("list", 0, 1), ("load[eu]/fetch", 2, 5), ("load[us]/fetch", 2, 1), ("load[eu]/store", 7, 1),
            ("load[us]/store", 3, 2), ("report", 8, 1),
        ])
        events = events.map { RecordedEvent(number: $0.number + ($0.number > 2 ? 1 : 0), time: $0.time, $0.content) }
        events.insert(RecordedEvent(number: 3, time: start, Expansion(group: "load", nodes: members)), at: 2)
        let digest = digest(tasks, nodes: ["list", "load", "report"], events)
        #expect(names(digest) == ["list", "load[eu]/fetch", "load[eu]/store", "report"])
        #expect(digest.nodes.find("load").map(digest.state) == .completed)
        #expect(digest.counts.filter { $0.value > 0 } == [.completed: 6])
        #expect(digest.missingEvents == 0)
    }

    @Test func eventsThatAreMissingOrUnknownAreCounted() throws {
        let unknown = try #require(RecordedEvent(json: JSONText(rawValue: #"{"n":5,"at":1,"note":"from the future"}"#)))
        let change = StateChange(task: "new", attempt: 1, from: .pending, to: .running)
        let first = RecordedEvent(number: 3, time: start, change)
        let digest = digest([RecordedTask(name: "a")], [first, first, unknown])
        #expect(digest.missingEvents == 3)
        #expect(digest.unknownEvents == 1)
        #expect(digest.nodes.find("new").map { digest.tasks[$0].state } == .running)
    }
}
