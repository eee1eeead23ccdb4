import FlowmancerRandom
import Testing

@testable import FlowmancerCore

/// Whether tasks are up to date.
@Suite struct ReuseMemoryTests {
    /// What a naive model knows of a task: the world when it last completed, unless it has begun since.
    private struct World: Equatable {
        var type = 0
        var parameters = 0
        var version = 0
        var inputs: [String: Int] = ["in": 0]
        var products: [String: Int] = [:]
    }

    private func digest(_ number: Int) -> ContentDigest { ContentDigest([UInt8](repeating: UInt8(number), count: 32)) }

    private func subject(_ world: World) -> ReuseSubject {
        ReuseSubject(
            type: "T\(world.type)",
            parameters: digest(world.parameters),
            version: digest(world.version)
        )
    }

    private func survey(_ files: [String: Int]) -> FileSurvey {
        FileSurvey(files.sorted { $0.key < $1.key }.map { RecordedFile($0.key, digest($0.value), nil) })
    }

    @Test(arguments: 0..<200 as Range<UInt64>) func randomHistoriesAreJudgedLikeANaiveModel(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var world = World()
        var memory = ReuseMemory.none
        var last: World?
        for _ in 0..<60 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0: world.parameters = Int.random(in: 0..<2, using: &random)
            case 1: world.version = Int.random(in: 0..<2, using: &random)
            case 2: world.type = Int.random(in: 0..<2, using: &random)
            case 3: world.inputs[["in", "x"].randomElement(using: &random)!] = Int.random(in: 0..<2, using: &random)
            case 4: world.inputs["x"] = nil
            case 5: world.products["out"] = Int.random(in: 0..<2, using: &random)
            case 6: world.products["out"] = nil
            case 7:
                // It begins, and fails or is killed.
                (memory, last) = (.begun, nil)
                world.products["out"] = Int.random(in: 0..<2, using: &random)
            default:
                let verdict = memory.judge(subject(world), inputs: survey(world.inputs)) { survey(world.products) }
                let isUpToDate = if case .success = verdict { true } else { false }
                #expect(isUpToDate == (last == world))
                guard !isUpToDate else { continue }
                world.products = ["out": world.inputs.values.reduce(0, +)]
                let record = ReuseRecord(
                    subject(world),
                    inputs: survey(world.inputs).files,
                    products: survey(world.products).files,
                    outputs: nil
                )
                (memory, last) = (.completed(record), world)
            }
        }
    }

    @Test func theReasonNamesWhatChanged() {
        let world = World(inputs: ["a": 1, "b": 2], products: ["out": 3])
        let record = ReuseRecord(
            subject(world),
            inputs: survey(world.inputs).files,
            products: survey(world.products).files,
            outputs: nil
        )
        func reason(_ memory: ReuseMemory? = nil, _ change: (inout World) -> Void) -> String {
            var changed = world
            change(&changed)
            let verdict = (memory ?? .completed(record)).judge(subject(changed), inputs: survey(changed.inputs)) {
                survey(changed.products)
            }
            if case .failure(let refusal) = verdict { return "\(refusal)" }
            return "up to date"
        }
        #expect(reason { _ in } == "up to date")
        #expect(reason(.some(.none)) { _ in } == "never completed")
        #expect(reason(.begun) { _ in } == "did not complete the last time")
        #expect(reason { $0.inputs["a"] = 9 } == "input a changed")
        #expect(reason { $0.inputs["c"] = 9 } == "input c is new")
        #expect(reason { $0.inputs["b"] = nil } == "input b is gone")
        #expect(reason { $0.products["out"] = nil } == "out is missing")
        #expect(reason { $0.products["out"] = 1 } == "out changed")
        #expect(reason { $0.products["p"] = 1 } == "p is not known from the last time")
        #expect(reason { $0.parameters = 1 } == "parameters changed")
        #expect(reason { $0.version = 1 } == "version changed")
        #expect(reason { $0.type = 1 } == "its type changed")
    }

    @Test func productsAreNotReadIfTheInputsChanged() {
        let world = World()
        let record = ReuseRecord(subject(world), inputs: [], products: [], outputs: nil)
        _ = ReuseMemory.completed(record).judge(subject(world), inputs: survey(world.inputs)) {
            Issue.record("nobody needs them")
            return FileSurvey()
        }
    }

    @Test func namesThatAreEqualTextsAreTwoFiles() {
        let one = [RecordedFile("caf\u{E9}", digest(1), nil)]
        let other = [RecordedFile("cafe\u{301}", digest(1), nil)]
        #expect(FileDifference(from: one, to: other) != nil)
    }

    @Test func aDigestIsReadAsItIsWritten() {
        let digest = ContentDigest((0..<32).map { UInt8($0 * 8) })
        var text: [UInt8] = []
        digest.append(to: &text)
        #expect(text.count == 64 && ContentDigest(hexadecimal: text) == digest)
        #expect(ContentDigest(hexadecimal: text.dropLast()) == nil)
        #expect(ContentDigest(hexadecimal: text.dropLast() + [UInt8(ascii: "g")]) == nil)
    }
}
