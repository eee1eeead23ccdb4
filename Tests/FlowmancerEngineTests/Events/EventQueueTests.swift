import FlowmancerCore
import Foundation
import TestSupport
import Testing

@testable import FlowmancerEngine

@Suite struct EventQueueTests {
    /// Whatever comes, each policy loses what it may lose and nothing else, keeps the order, and counts.
    @Test(arguments: [EventPolicy.withoutLoss, .pacing, .countedLoss])
    func everyPolicyKeepsItsPromise(_ policy: EventPolicy) throws {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<20 {
            var (queue, model) = (EventQueue(policy), Model(policy))
            for number in 1...400 {
                if random.chance(60) {
                    let event = Self.event(number, using: &random)
                    queue.append(event)
                    model.append(event)
                } else if random.chance(1) {
                    queue.loseAll()
                    model.loseAll()
                } else {
                    #expect(queue.popFirst()?.number == model.popFirst())
                }
                #expect(queue.lost == model.lost)
                #expect(queue.isEmpty == model.kept.isEmpty)
                #expect(queue.isCongested == (model.bytes > 4 << 20))
                #expect(queue.isRelieved == (model.bytes <= 3 << 20))
            }
        }
    }

    /// One that is larger than the queue would otherwise never get through.
    @Test func oneEventAlwaysFits() {
        var queue = EventQueue(.countedLoss)
        queue.append(Self.line(1, bytes: 5 << 20))
        queue.append(Self.line(2, bytes: 10))
        #expect(queue.lost == 1)
        #expect(queue.popFirst()?.number == 1)
        #expect(queue.popFirst() == nil)
        #expect(!queue.isCongested)
    }

    private struct Model {
        let policy: EventPolicy
        var kept: [(number: Int, bytes: Int)] = []
        var lost = 0
        var bytes: Int { kept.reduce(0) { $0 + $1.bytes } }

        init(_ policy: EventPolicy) { self.policy = policy }

        mutating func append(_ event: RunEvent) {
            let isLine = if case .output(let event) = event.content { event.kind == .line } else { false }
            let mayBeLost = policy == .countedLoss || policy == .pacing && isLine
            let limit = policy == .countedLoss ? 4 << 20 : 64 << 20
            if mayBeLost, bytes > 0, bytes + event.size > limit {
                lost += 1
            } else {
                kept.append((event.number, mayBeLost ? event.size : 0))
            }
        }

        mutating func popFirst() -> Int? { kept.isEmpty ? nil : kept.removeFirst().number }

        mutating func loseAll() {
            lost += kept.count
            kept = []
        }
    }

    /// Lines of so many megabytes.
    private static let lines = (0...8).map { String(repeating: "x", count: $0 << 20) }

    private static func event(_ number: Int, using random: inout SeededGenerator) -> RunEvent {
        switch Int.random(in: 0..<10, using: &random) {
        case 0:
            RunEvent(
                number: number,
                .expanded(ExpansionEvent(run: .unknown, time: Date(), Expansion(group: "a", nodes: ["a[1]"])))
            )
        case 1:
            RunEvent(number: number, .ended(RunEnd(run: .unknown, time: Date(), result: .success(RunOutcome([], [])))))
        case 2, 3: RunEvent(number: number, .state(state))
        case 4: RunEvent(number: number, .output(output(.start)))
        case 5: RunEvent(number: number, .output(output(.end)))
        default: line(number, bytes: Int.random(in: 0...8, using: &random) << 20)
        }
    }

    static func line(_ number: Int, bytes: Int) -> RunEvent {
        let text = bytes & 0xFFFFF == 0 ? lines[bytes >> 20] : String(repeating: "x", count: bytes)
        return RunEvent(number: number, .output(output(.line, text)))
    }

    static func output(_ kind: TaskLogEvent.Kind, _ message: String = "") -> TaskLogEvent {
        TaskLogEvent(jobName: "job", taskName: "a", timestamp: Date(), attempt: 1, kind: kind, message: message)
    }

    static let state = ExecutionEvent(
        jobName: "job",
        taskName: "a",
        timestamp: Date(),
        attempt: 1,
        from: .pending,
        to: .running
    )
}
