import FlowmancerCore
import Synchronization

/// Knows which tasks of a run may be up to date, asks for them, and has those recorded that completed.
///
/// Used on the event loop only; files are looked at elsewhere.
final class ReuseDesk {
    /// What a run needs for it.
    struct Setup: Sendable {
        /// `nil` if nothing can be looked up.
        var store: ReuseStore?
        var queue: ReuseQueue
        /// The tasks and groups that run even if they are up to date.
        var forced: Set<Int>

        /// How long the records of a run are waited for that was aborted.
        private static let patience = Duration.seconds(2)

        /// Waits until all records are written, or somebody asks for the end.
        func finish(isAborted: Bool, _ control: RunControl) async {
            let isOver = queue.whenIdle
            let isDue = Latch()
            isOver.then { isDue.open() }
            // Whoever asked for the end of the tasks does not wait for the contents of large files.
            if !isAborted { control.abortRequested.then { isDue.open() } }
            while await !isDue.wait(atMost: isAborted ? Self.patience : .seconds(3_600)), !isAborted {}
            queue.clear()
            store?.cancel()
            store?.ledger.synchronize()
        }
    }

    private let store: ReuseStore?
    private let queue: ReuseQueue
    let forced: Set<Int>
    private let report: @Sendable (RunNotice) -> Void
    private let entrance = LoopEntrance<ReuseDesk>()
    /// Answers on their way to the loop.
    private let answers = Answers()

    /// What was asked, by task.
    private var waiting: [Int: (ReuseAnswer) -> Void] = [:]
    /// What was seen of tasks before they began.
    private var observations: [Int: ReuseObservation] = [:]
    /// The tasks of which an attempt used the shared dictionary.
    private var sharing: Set<Int> = []
    /// The tasks that were up to date, in the order of their ends.
    private(set) var upToDate: [Int] = []
    private var hasReportedFailure = false

    /// Brings many answers in one go: the loop is not woken up for each.
    private final class Answers: Sendable {
        private let list = Mutex<[(Int, ReuseAnswer)]>([])
        /// Whether nobody waits for them any more.
        let areUnwanted = Atomic(false)

        /// - Returns: Whether nobody is on the way with others.
        func add(_ task: Int, _ answer: ReuseAnswer) -> Bool {
            list.withLock { list in
                list.append((task, answer))
                return list.count == 1
            }
        }

        func take() -> [(Int, ReuseAnswer)] {
            list.withLock { list in
                defer { list = [] }
                return list
            }
        }
    }

    init(_ setup: Setup, on thread: EventLoopThread, report: @escaping @Sendable (RunNotice) -> Void) {
        (store, queue, forced, self.report) = (setup.store, setup.queue, setup.forced, report)
        entrance.open(LoopBound(self, on: thread))
    }

    /// Finds out whether a task is up to date.
    func lookUp(_ request: ReuseRequest, _ then: @escaping (ReuseAnswer) -> Void) {
        guard let store else { return then(.run(.unavailable("there are no records"), nil)) }
        let task = request.task
        waiting[task] = then
        queue.add { [entrance, answers, queue] in
            guard !answers.areUnwanted.load(ordering: .relaxed) else { return }
            let answer = store.lookUp(request)
            // That a task begins must be on the disk about as soon as the journal that says so, too.
            if store.ledger.needsSynchronization() { queue.addLater { store.ledger.synchronize() } }
            guard answers.add(task, answer) else { return }
            entrance.enter { desk in
                for (task, answer) in answers.take() { desk.take(answer, of: task) }
            }
        }
    }

    private func take(_ answer: ReuseAnswer, of task: Int) {
        guard let then = waiting.removeValue(forKey: task) else { return }
        switch answer {
        case .upToDate: break
        case .run(let refusal, let observation):
            observations[task] = observation
            if case .unavailable(let reason) = refusal { reportFailure(reason) }
        }
        then(answer)
    }

    /// Takes note of a task that did not run because it is up to date.
    func noteUpToDate(_ task: Int) { upToDate.append(task) }

    /// An attempt used the shared dictionary: what it did may depend on anything.
    func noteSharing(_ task: Int) {
        if observations[task] != nil { sharing.insert(task) }
    }

    /// An attempt completed its task, and that was recorded.
    func noteCompletion(of task: Int, outputs: JSONText?) {
        guard let observation = observations.removeValue(forKey: task), let store else { return }
        let name = observation.request.name
        guard !sharing.contains(task) else { return report(.notReusable(name, because: .sharing)) }
        queue.add { [report, entrance] in
            do throws(ReuseStore.RecordFailure) {
                try store.record(observation, outputs: outputs)
            } catch .unwritable(let reason) {
                entrance.enter { $0.reportFailure("the records cannot be written: \(reason)") }
            } catch {
                report(.notReusable(name, because: .files(error)))
            }
        }
    }

    /// A task ended in another way: there is nothing to record.
    func forget(_ task: Int) { observations[task] = nil }

    private func reportFailure(_ reason: String) {
        guard !hasReportedFailure else { return }
        hasReportedFailure = true
        report(.reuseUnavailable(reason))
    }

    /// Nobody waits for answers any more; records are still written.
    func close() {
        waiting = [:]
        answers.areUnwanted.store(true, ordering: .relaxed)
        entrance.close()
    }
}
