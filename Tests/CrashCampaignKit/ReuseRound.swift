import Flowmancer
import FoundationEssentials
import Glibc
import TestSupport

/// A job whose tasks can be reused, run again and again while files change and engines die.
///
/// After every run that succeeds, what the tasks left must be what a run from scratch would have left. After a second one
/// without any change, nothing may have run.
package struct ReuseRound {
    /// A task of the job: a command that makes one file of others, or one for each item.
    struct Step {
        var name: String
        /// How many items it runs for; `nil` for a task that runs once.
        var items: Int?
        /// Whether the items are known in the run only.
        var isLate = false
        var dependencies: [String] = []
        /// The inputs that no task makes.
        var inputs: [String] = []
        var parameter = 0
        var version = 0
        /// Whether the file that it makes is named to the engine, and so looked at. Otherwise only the task touches it.
        var namesProduct = true
        /// Whether all inputs are named by a pattern.
        var usesPattern = false
        var pauseMilliseconds = 0

        /// The names of the tasks, and the files that they make.
        var products: [(task: String, file: String)] {
            guard let items else { return [(name, "out/\(name)")] }
            return (0..<items).map { ("\(name)[\($0)]", "out/\(name).\($0)") }
        }
    }

    private static let inputNames = ["in/a", "in/b", "in/c"]
    private static let faults = [
        "reuse.begin", "reuse.begun", "reuse.record", "reuse.recorded", "reuse.half-written", "turn.recorded",
        "turn.acted", "turn.sent", "journal.half-written",
    ]

    private let number: Int
    private let settings: Round.Settings
    private var random: SeededGenerator
    private var steps: [Step] = []
    private var outcome = Round.Outcome()

    package init(seed: UInt64, number: Int, settings: Round.Settings) {
        self.number = number
        self.settings = settings
        random = SeededGenerator(seed: seed &* 1_000_003 &+ UInt64(number))
    }

    package var directory: String { "\(settings.directory)/reuse-\(number)" }

    /// Performs the round.
    package mutating func perform() -> Round.Outcome {
        do {
            try prepare()
            for run in 0..<14 where outcome.violations.isEmpty { try perform(run) }
        } catch {
            outcome.violations.append("\(error)")
        }
        if outcome.violations.isEmpty { try? FileManager.default.removeItem(atPath: directory) }
        return outcome
    }

    private mutating func prepare() throws {
        for name in ["in", "out"] {
            try FileManager.default.createDirectory(atPath: "\(directory)/\(name)", withIntermediateDirectories: true)
        }
        for name in Self.inputNames { try write("0", to: name) }
        for number in 0..<Int.random(in: 2...6, using: &random) {
            var step = Step(name: "t\(number)")
            for other in steps where random.chance(40) { step.dependencies.append(other.name) }
            step.inputs = Self.inputNames.filter { _ in random.chance(40) }
            step.usesPattern = random.chance(25)
            if step.usesPattern { step.inputs = Self.inputNames }
            step.namesProduct = random.chance(70)
            if random.chance(40) { step.items = Int.random(in: 1...3, using: &random) }
            step.isLate = random.chance(50)
            step.pauseMilliseconds = random.chance(50) ? Int.random(in: 1...40, using: &random) : 0
            steps.append(step)
        }
    }

    // MARK: A run

    private mutating func perform(_ run: Int) throws {
        let isUnchanged = run > 0 && random.chance(25)
        if !isUnchanged { for _ in 0..<Int.random(in: 0...3, using: &random) { try change() } }
        let failing = steps.randomElement(using: &random)?.products.randomElement(using: &random)?.task
        let fails = !isUnchanged && random.chance(25) ? failing : nil
        try write(fails ?? "", to: "failing")
        try write(jobFile, to: "job.json")
        try write("", to: "side")
        let kill = isUnchanged || random.chance(45) ? Kill.never : Self.kill(using: &random)
        let isRestart = random.chance(30)
        let edits = !isUnchanged && random.chance(15)
        var process = try start(run, kill, isRestart: isRestart)
        if edits {
            usleep(UInt32.random(in: 1...60_000, using: &random))
            try write("\(Int.random(in: 0...2, using: &random))", to: Self.inputNames.randomElement(using: &random)!)
        }
        let ending = try process.wait()
        if ending == .killed {
            outcome.kills += 1
            _ = waitForRemains(of: run)
        }
        let ran = try read("side").split(separator: "\n").map(String.init)
        func violate(_ text: String) {
            outcome.violations.append("run \(run), \(kill)\(isRestart ? ", -r" : ""): \(text)")
        }
        switch ending {
        case .killed: return
        case .exited(0) where fails != nil && ran.contains(fails ?? ""): violate("\(fails ?? "") failed unnoticed")
        case .exited(0): break
        case .exited(let code): return fails == nil ? violate("exit code \(code)") : ()
        }
        // A restart keeps what completed, and an edit may come at any time.
        guard !isRestart, !edits else { return }
        for step in steps {
            for (task, file) in step.products {
                let (made, due) = (try read(file), try expected(step, file))
                if made != due { violate("\(task) was not run: it made '\(made)', not '\(due)'") }
            }
        }
        guard outcome.violations.isEmpty else { return }
        try write("", to: "side")
        var repetition = try start(run + 1_000, .never, isRestart: false)
        let again = try repetition.wait()
        let repeated = try read("side").split(separator: "\n")
        if again != .exited(0) || !repeated.isEmpty { violate("nothing changed, and these ran again: \(repeated)") }
    }

    private func start(_ run: Int, _ kill: Kill, isRestart: Bool) throws -> VictimProcess {
        var setup = VictimProcess.Setup(directory: directory, run: run, marker: marker(of: run))
        setup.isRestart = isRestart
        return try VictimProcess(setup, kill: kill, stopsWorkers: false)
    }

    private func marker(of run: Int) -> String { "8\(getpid())\(100_000 + number)\(10_000 + run)" }

    /// What an engine that was killed had started may write a moment longer.
    private func waitForRemains(of run: Int) -> Bool {
        for _ in 0..<5_000 {
            if MarkedProcess.all(marker: marker(of: run)).isEmpty { return true }
            usleep(2_000)
        }
        return false
    }

    private static func kill(using random: inout SeededGenerator) -> Kill {
        if random.chance(40) { return .afterMilliseconds(Int.random(in: 5...250, using: &random)) }
        return .fault(faults.randomElement(using: &random)!, count: Int.random(in: 1...6, using: &random))
    }

    // MARK: Changes between runs

    private mutating func change() throws {
        let index = Int.random(in: steps.indices, using: &random)
        let value = Int.random(in: 0...2, using: &random)
        switch Int.random(in: 0..<12, using: &random) {
        case 0...3: try write("\(value)", to: Self.inputNames.randomElement(using: &random)!)
        case 4: steps[index].parameter = value
        case 5: steps[index].version = value
        case 6: if let file = product(index) { unlink("\(directory)/\(file)") }
        case 7: if let file = product(index) { try write("\(value)", to: file) }
        case 10: if steps[index].items != nil { steps[index].items = value + 1 }
        case 8:
            // Only the times change.
            utimes("\(directory)/\(Self.inputNames[value])", nil)
        case 9: try damageRecords()
        default: break
        }
    }

    /// A product of a task, if the engine knows of it.
    private mutating func product(_ index: Int) -> String? {
        steps[index].namesProduct ? steps[index].products.randomElement(using: &random)?.file : nil
    }

    private mutating func damageRecords() throws {
        let path = ".flowmancer/reuse/campaign.records"
        guard var bytes = FileManager.default.contents(atPath: "\(directory)/\(path)"), !bytes.isEmpty else { return }
        let place = Int.random(in: bytes.indices, using: &random)
        if random.chance(50) { bytes = bytes.prefix(place) } else { bytes[place] ^= 4 }
        try bytes.write(to: URL(filePath: "\(directory)/\(path)"))
    }

    // MARK: The job

    /// What a task makes in a file.
    private func expected(_ step: Step, _ file: String) throws -> String {
        var parts = try step.inputs.map(read)
        for name in step.dependencies {
            guard let other = steps.first(where: { $0.name == name }) else { continue }
            parts += try other.products.map { try expected(other, $0.file) }
        }
        return "(\(file):\(step.parameter):\(parts.joined(separator: ",")))"
    }

    private var jobFile: String {
        let tasks = steps.map { step in
            let products = step.dependencies.flatMap { name in
                steps.first { $0.name == name }?.products.map(\.file) ?? []
            }
            let inputs = (step.usesPattern ? ["in/*"] : step.inputs) + products
            let parts = (step.inputs + products).map { "$(cat \($0))" }.joined(separator: ",")
            // In quotes, since a shell would take the brackets for a pattern.
            let (task, file) =
                step.items == nil ? (step.name, "out/\(step.name)") : ("\(step.name)[$ITEM]", "out/\(step.name).$ITEM")
            let script = """
                echo "\(task)" >> side
                printf half > "\(file)"
                sleep \(Double(step.pauseMilliseconds) / 1_000)
                test "$(cat failing)" != "\(task)" || exit 1
                printf %s "(\(file):\(step.parameter):\(parts))" > "\(file)"
                """
            let command = (try? JSONEncoder().encode(script)).map { String(decoding: $0, as: UTF8.self) } ?? ""
            let produces = step.namesProduct ? #", "produces": ["\#(file)"]"# : ""
            return """
                "\(step.name)": {"task": "Shell", "dependencies": \(Self.json(step.dependencies)),\(Self.list(step))
                  "reuse": {"inputs": \(Self.json(inputs))\(produces), "version": \(step.version)},
                  "parameters": {"command": \(command)}}
                """
        }
        return #"{"config": {"name": "campaign"}, "extensions": {}, "tasks": {\#(tasks.joined(separator: ",\n"))}}"#
    }

    private static func list(_ step: Step) -> String {
        guard let items = step.items else { return "" }
        let numbers = "[\((0..<items).map(String.init).joined(separator: ", "))]"
        return step.isLate ? #" "for_each": "$DICT{no-such-key:\#(numbers)}","# : " \"for_each\": \(numbers),"
    }

    private static func json(_ names: [String]) -> String {
        "[" + names.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
    }

    private func write(_ text: String, to name: String) throws {
        // In place, as editors do that keep the inode.
        let path = "\(directory)/\(name)"
        guard let file = fopen(path, "w") else { throw CampaignError("cannot write \(path)") }
        defer { fclose(file) }
        fputs(text, file)
    }

    private func read(_ name: String) throws -> String {
        String(decoding: FileManager.default.contents(atPath: "\(directory)/\(name)") ?? Data(), as: UTF8.self)
    }
}
