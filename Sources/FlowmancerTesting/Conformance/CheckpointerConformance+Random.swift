import Flowmancer
import FlowmancerRandom

extension CheckpointerConformance {
    /// The rule that no sequence of operations confuses the checkpointer.
    var randomRule: ConformanceRule {
        ConformanceRule("random sequences of operations give what a model of them gives") {
            for sequence in 0..<sequences {
                var model = RandomOperations(seed: seed &* 1_000_003 &+ UInt64(sequence), suite: self)
                do {
                    try await model.perform(count: 40)
                } catch let finding as ConformanceRule.Finding {
                    let trace = model.trace.suffix(15).joined(separator: ", ")
                    throw ConformanceRule.Finding("\(finding); seed \(seed), sequence \(sequence): …\(trace)")
                }
            }
        }
    }
}

/// A sequence of operations on three jobs, beside a model of what they must have as an effect.
private struct RandomOperations<Checkpointer: FlowCheckpointer> {
    private let suite: CheckpointerConformance<Checkpointer>
    private let names = ["conformance-r", "conformance-R", "conformance/r"]
    private var random: SeededGenerator
    private var model: [String: CheckpointContents] = [:]
    private var journals: [String: (checkpointer: Checkpointer, journal: any CheckpointJournal)] = [:]
    /// What was done, for whoever looks into a finding.
    private(set) var trace: [String] = []

    init(seed: UInt64, suite: CheckpointerConformance<Checkpointer>) {
        random = SeededGenerator(seed: seed)
        self.suite = suite
    }

    mutating func perform(count: Int) async throws {
        for _ in 0..<count {
            guard let name = names.randomElement(using: &random) else { return }
            try await performOne(on: name)
            if random.chance(60) { try await compare(names.randomElement(using: &random) ?? name) }
        }
        for (_, journal) in journals.values { try journal.close() }
        for name in names {
            try await compare(name)
            try await suite.clear(name)
        }
    }

    private mutating func performOne(on name: String) async throws {
        switch Int.random(in: 0..<10, using: &random) {
        case 0:
            trace.append("write \(name)")
            try closeJournal(of: name)
            let contents = randomContents(name)
            try await suite.write(contents)
            model[name] = contents
        case 1:
            trace.append("clear \(name)")
            try closeJournal(of: name)
            try await suite.clear(name)
            model[name] = nil
        case 2, 3:
            try await openJournal(name)
        case 4:
            trace.append("close \(name)")
            try closeJournal(of: name)
        default:
            guard let (_, journal) = journals[name] else { return try await openJournal(name) }
            let entries = (0..<Int.random(in: 0...6, using: &random)).map { _ in randomEntry() }
            trace.append("append \(entries.count) to \(name)")
            try journal.append(entries)
            for entry in entries { model[name]?.apply(entry) }
            if random.chance(20) { try journal.synchronize() }
        }
    }

    private mutating func openJournal(_ name: String) async throws {
        trace.append("open \(name)")
        let contents = model[name].flatMap { random.chance(50) ? $0 : nil } ?? randomContents(name)
        let opened: (checkpointer: Checkpointer, journal: any CheckpointJournal)
        do {
            if let checkpointer = journals[name]?.checkpointer, random.chance(50),
                let journal = try await checkpointer.openJournal(for: name, startingFrom: contents)
            {
                opened = (checkpointer, journal)
            } else {
                opened = try await suite.openJournal(contents)
            }
        } catch is ConformanceRule.Inapplicable {
            return
        }
        try closeJournal(of: name)
        journals[name] = opened
        model[name] = contents
    }

    private mutating func closeJournal(of name: String) throws {
        try journals.removeValue(forKey: name)?.journal.close()
    }

    private func compare(_ name: String) async throws {
        if let expected = model[name] {
            try await suite.expect(expected, "after the last operation")
        } else {
            try await suite.expectNothing(for: name, "after the last operation")
        }
    }

    // MARK: Random values

    private mutating func randomContents(_ name: String) -> CheckpointContents {
        var contents = CheckpointContents(name: name)
        if random.chance(50) { contents.runID = RunID() }
        if random.chance(50) { contents.jobFile = "/jobs/\(randomName()).yaml" }
        for _ in 0..<Int.random(in: 0...8, using: &random) {
            let task = randomName()
            contents.states[task] = randomState()
            if random.chance(20) { contents.decisions[task] = randomValue() }
            if random.chance(20) { contents.outputs[task] = randomValue() }
            if random.chance(50) { contents.fingerprints[task] = "\(UInt64.random(in: 0...99, using: &random))" }
        }
        for _ in 0..<Int.random(in: 0...4, using: &random) { contents.sharedDict[randomName()] = randomValue() }
        return contents
    }

    private mutating func randomEntry() -> JournalEntry {
        switch Int.random(in: 0..<6, using: &random) {
        case 0: .remove(key: randomName())
        case 1, 2: .set(key: randomName(), randomValue())
        case 3: .decision(task: randomName(), randomValue())
        default:
            .state(
                task: randomName(),
                randomState(),
                attempt: Int.random(in: 0...3, using: &random),
                outputs: random.chance(30) ? randomValue() : nil
            )
        }
    }

    private mutating func randomName() -> String { AwkwardContents.names.randomElement(using: &random) ?? "" }

    private mutating func randomState() -> ExecutionState {
        ExecutionState.allCases.randomElement(using: &random) ?? .failed
    }

    private mutating func randomValue() -> JSONText {
        JSONText(rawValue: AwkwardContents.values.randomElement(using: &random) ?? "0")
    }
}
