import FlowmancerCore
import FlowmancerSystem
import TestSupport

@testable import FlowmancerEngine

/// Starts workers that do what a test says.
final class FakeWorkers: WorkerSource {
    let offers: [WorkerOffer]
    unowned var observer: (any WorkerObserver)!
    /// What is thrown instead of starting a worker.
    var refusal: SystemError?
    private(set) var links: [Int: FakeLink] = [:]
    private(set) var isShutDown = false

    init(startLimit: Duration = .seconds(3_600)) {
        offers = [WorkerOffer(runtime: .swift, canHold: true, startLimit: startLimit)]
    }

    func open() throws(SystemError) {
        if let refusal { throw refusal }
    }

    func start(_ worker: Int, runtime: TaskRuntime, isHolder: Bool) throws(SystemError) -> any WorkerLink {
        if let refusal { throw refusal }
        let link = FakeLink()
        links[worker] = link
        return link
    }

    func shutDown() { isShutDown = true }

    /// Lets workers say that they are ready.
    func welcome(_ workers: Int...) {
        for worker in workers { observer.worker(worker, did: .ready) }
    }

    /// Lets a worker report a success.
    func end(_ worker: Int, _ attempt: UInt64) {
        observer.worker(worker, did: .ended(AttemptEnd(attempt: attempt, outcome: .succeeded)))
    }
}

/// A connection that keeps what was sent.
final class FakeLink: WorkerLink {
    struct TooLarge: Error {}

    private(set) var sent: [String] = []
    private(set) var isPaused = false
    private(set) var isClosed = false
    /// Attempts of this task are too large to be sent.
    var tooLarge: Int?
    var hasReportedEnd = false
    /// What ``takeReport()`` brings.
    var report: () -> Void = {}
    var processorSeconds: Double? { nil }

    func give(_ assignment: Assignment) throws {
        if assignment.task == tooLarge { throw TooLarge() }
        sent.append("give \(assignment.task)")
    }

    func hold(_ assignment: Assignment) throws {
        if assignment.task == tooLarge { throw TooLarge() }
        sent.append("hold \(assignment.task)")
    }

    func recall(_ assignment: Assignment) { sent.append("recall \(assignment.task)") }
    func beginHeld() { sent.append("begin") }
    func cancel(_ assignment: Assignment, endingAfter patience: Duration) { sent.append("cancel \(assignment.task)") }
    func answer(_ reply: ReplyWindow.Reply) { sent.append("answer \(reply.requestID): \(reply.content)") }
    func flush() { sent.append("flush") }
    func pauseOutput(_ isPaused: Bool) { self.isPaused = isPaused }
    func takeReport() { report() }
    func kill() { sent.append("kill") }
    func close() { isClosed = true }
}

/// A run that keeps what it is told.
final class FakeRun: WorkerPoolDelegate {
    private(set) var heard: [String] = []
    /// What is done when an attempt has ended.
    var ended: (Assignment) -> Void = { _ in }
    var failed: () -> Void = {}

    func poolDidStart(_ assignment: Assignment) { heard.append("started \(assignment.task)") }
    func poolDidHold(_ assignment: Assignment) { heard.append("held \(assignment.task)") }
    func poolDidReturn(_ assignment: Assignment) { heard.append("returned \(assignment.task)") }
    func poolHasUnsent() {}

    func pool(_ assignment: Assignment, didWrite line: UnsafeRawBufferPointer, on stream: OutputStream) {
        heard.append("\(assignment.task) wrote \(String(decoding: line, as: UTF8.self))")
    }

    func pool(_ assignment: Assignment, didLog line: LoggedLine) {
        heard.append("\(assignment.task) logged \(line.message)")
    }

    func poolDidReceiveLate(_ line: LateLine) { heard.append("late: \(line.message)") }

    func pool(_ assignment: Assignment, didEndWith report: AttemptReport) {
        let remarks = report.remarks.map { ": \($0.text)" }.joined()
        heard.append("\(assignment.task) \(report.outcome.word)\(remarks)")
        ended(assignment)
    }

    func pool(
        _ assignment: Assignment,
        didRequest operation: SharedDictOperation,
        reply: @escaping (SharedAnswer) -> Void
    ) {
        heard.append("\(assignment.task) asked")
        reply(.result(.done))
    }

    func poolDidFail(_ reason: String) {
        heard.append("failed: \(reason)")
        failed()
    }

    func poolDidReachLimit(_ reason: String, workers: Int) { heard.append("limit \(workers): \(reason)") }
    func poolDidLoseKeeper(_ end: ProcessEnd) { heard.append("lost: \(end)") }
}

extension Assignment {
    /// The first attempt of a task, whose number is that of the task.
    static func of(
        _ task: Int,
        runtime: TaskRuntime = .swift,
        isolation: Isolation = .pool,
        isRestart: Bool = false
    ) -> Assignment {
        Assignment(
            id: UInt64(task),
            task: task,
            attempt: 1,
            counted: 1,
            runtime: runtime,
            isolation: isolation,
            isRestart: isRestart
        )
    }
}
