import FlowmancerCore
import Synchronization

@testable import FlowmancerEngine

/// Executes nothing: writes down what it is asked for, and says what a test tells it to say.
final class FakePool: AttemptPool {
    private let names: [String]
    private unowned let delegate: any WorkerPoolDelegate
    private let diary: Diary
    private var submitted: [Int: Assignment] = [:]
    private var running: Set<Int> = []
    /// Tasks whose report waits for a slow logger.
    private var reported: Set<Int> = []

    init(_ names: [String], _ delegate: any WorkerPoolDelegate, _ diary: Diary) {
        self.names = names
        self.delegate = delegate
        self.diary = diary
    }

    // MARK: What workers do

    func start(_ task: String) {
        running.insert(number(task))
        delegate.poolDidStart(submitted[number(task)]!)
    }

    func hold(_ task: String) { delegate.poolDidHold(submitted[number(task)]!) }

    func end(_ task: String, _ outcome: AttemptOutcome, publishing outputs: String? = nil) {
        running.remove(number(task))
        let json = outputs.map { JSONText(rawValue: $0) }
        delegate.pool(submitted[number(task)]!, didEndWith: AttemptReport(outcome: outcome, outputs: json))
    }

    /// The attempt is over, which a slow logger keeps the run from hearing.
    func report(_ task: String) { reported.insert(number(task)) }

    private func number(_ task: String) -> Int { names.firstIndex(of: task)! }

    // MARK: What the run asks for

    func open() {}
    func shutDown() {}
    func machine(of task: Int) -> String? { nil }

    func pauseOutput(_ isPaused: Bool) {}
    func flush() {}

    func submit(_ assignment: Assignment, _ admission: Admission) {
        submitted[assignment.task] = assignment
        diary.write("submit \(names[assignment.task]) \(assignment.attempt)")
    }

    func admit(task: Int) { diary.write("admit \(names[task])") }
    func withdraw(task: Int) { diary.write("withdraw \(names[task])") }
    func cancel(task: Int, endingAfter patience: Duration) { diary.write("cancel \(names[task])") }
    func kill(task: Int, remark: String) { diary.write("kill \(names[task]): \(remark)") }

    func takeReports() {
        for task in reported { end(names[task], .succeeded) }
        reported = []
    }

    func assignment(of task: Int) -> Assignment? { running.contains(task) ? submitted[task] : nil }

    func isUnderWay(task: Int) -> Bool {
        let isUnderWay = running.contains(task) && !reported.contains(task)
        if !isUnderWay { diary.write("\(names[task]) is over") }
        return isUnderWay
    }
}

/// Lines in the order in which they were written, from any thread.
final class Diary: Sendable {
    private let state = Mutex<(lines: [String], waiting: [(line: String, Latch)])>(([], []))

    var lines: [String] { state.withLock { $0.lines } }

    func write(_ line: String) {
        let awaited = state.withLock { state in
            state.lines.append(line)
            return state.waiting.filter { $0.line == line }.map { $0.1 }
        }
        for latch in awaited { latch.open() }
    }

    /// Waits for a line.
    func has(_ line: String) async -> Bool {
        let latch = Latch()
        let isThere = state.withLock { state in
            state.waiting.append((line, latch))
            return state.lines.contains(line)
        }
        if isThere { return true }
        return await latch.wait(atMost: .seconds(60))
    }
}

/// A journal that writes a diary.
final class DiaryJournal: CheckpointJournal {
    private let diary: Diary
    private let isDue = Mutex(false)

    init(_ diary: Diary) { self.diary = diary }

    /// Has the journal started anew at the next opportunity.
    func becomeDue() { isDue.withLock { $0 = true } }

    var isDueForCompaction: Bool { isDue.withLock { $0 } }

    func append(_ entries: [JournalEntry]) throws {
        for entry in entries {
            let facts = [entry.state?.rawValue, entry.value?.rawValue].compactMap { $0 }
            diary.write("record \(entry.name) \(facts.isEmpty ? "-" : facts.joined(separator: " "))")
        }
    }

    func synchronize() throws {}
    func close() throws {}
}
