import FlowmancerCore
import FlowmancerRandom
import Testing

@testable import FlowmancerEngine

@Suite struct PilotAdmissionTests {
    private static func turn(_ admission: inout PilotAdmission) -> [PilotAdmission.Action] {
        var actions: [PilotAdmission.Action] = []
        admission.endTurn(&actions)
        return actions
    }

    @Test func attemptsBeginInTheirOrderAsThereIsRoom() {
        var admission = PilotAdmission(NodeCapacity(processors: 4, memory: 8, graphicsProcessors: ["a", "b"]))
        admission.add(0, NodeDemand(processors: 2, graphicsProcessors: 1))
        admission.add(1, NodeDemand(processors: 3))
        admission.add(2, NodeDemand(processors: 1))
        // The third one would have room, but does not overtake.
        #expect(Self.turn(&admission) == [.start(0, graphicsProcessors: ["a"])])
        admission.remove(0)
        #expect(Self.turn(&admission) == [.start(1, graphicsProcessors: []), .start(2, graphicsProcessors: [])])
    }

    @Test func attemptsThatNeedTheSameFollowOnEachOther() {
        var admission = PilotAdmission(NodeCapacity(processors: 2))
        for attempt in 0..<5 { admission.add(attempt, NodeDemand()) }
        #expect(
            Self.turn(&admission) == [
                .start(0, graphicsProcessors: []), .start(1, graphicsProcessors: []), .startBehindAnother(2),
                .startBehindAnother(3),
            ]
        )
        // The worker of the first one goes on with the third one by itself.
        admission.remove(0)
        admission.begin(2)
        #expect(Self.turn(&admission) == [.startBehindAnother(4)])
        // Nobody held the fourth one when the second one ended.
        admission.remove(1)
        #expect(Self.turn(&admission) == [.admit(3)])
    }

    @Test func whatNeedsMoreIsNotGivenToWorkersAhead() {
        var admission = PilotAdmission(NodeCapacity(processors: 2))
        admission.add(0, NodeDemand())
        admission.add(1, NodeDemand())
        admission.add(2, NodeDemand(processors: 2))
        admission.add(3, NodeDemand())
        #expect(Self.turn(&admission).count == 2)
        admission.remove(0)
        #expect(Self.turn(&admission).isEmpty)
        admission.remove(1)
        #expect(Self.turn(&admission) == [.start(2, graphicsProcessors: [])])
        admission.remove(2)
        #expect(Self.turn(&admission) == [.start(3, graphicsProcessors: [])])
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func theMachineIsNeverOverloadedAndNothingWaitsForEver(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let capacity = NodeCapacity(processors: Int.random(in: 1...6, using: &random), graphicsProcessors: ["x", "y"])
        var admission = PilotAdmission(capacity)
        var demands: [Int: NodeDemand] = [:]
        var running: [Int: [String]] = [:]
        var held: [Int] = []
        var (next, ended) = (0, 0)
        func takeIn(_ actions: [PilotAdmission.Action]) {
            for action in actions {
                switch action {
                case .start(let attempt, let units): running[attempt] = units
                case .startBehindAnother(let attempt): held.append(attempt)
                case .admit(let attempt):
                    held.removeAll { $0 == attempt }
                    running[attempt] = []
                }
            }
            let used = running.keys.reduce(0) { $0 + demands[$1]!.processors }
            #expect(used <= capacity.processors)
            let units = running.values.flatMap { $0 }
            #expect(Set(units).count == units.count && units.count <= 2)
        }
        for _ in 0..<200 {
            switch Int.random(in: 0..<3, using: &random) {
            case 0:
                let isPlain = Bool.random(using: &random)
                demands[next] = NodeDemand(
                    processors: isPlain ? 1 : Int.random(in: 1...capacity.processors, using: &random),
                    graphicsProcessors: isPlain ? 0 : Int.random(in: 0...2, using: &random)
                )
                admission.add(next, demands[next]!)
                next += 1
            case 1:
                guard let attempt = running.keys.sorted().randomElement(using: &random) else { continue }
                running[attempt] = nil
                admission.remove(attempt)
                ended += 1
                // Its worker goes on with what it held.
                if Bool.random(using: &random), let following = held.first {
                    held.removeFirst()
                    running[following] = []
                    admission.begin(following)
                }
            default:
                takeIn(Self.turn(&admission))
            }
        }
        while true {
            takeIn(Self.turn(&admission))
            guard let attempt = running.keys.min() else { break }
            running[attempt] = nil
            admission.remove(attempt)
            ended += 1
        }
        #expect(held.isEmpty && ended == next)
        #expect(Self.turn(&admission).isEmpty)
    }
}
