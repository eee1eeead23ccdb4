import FlowmancerCore
import FlowmancerFaults
import FlowmancerSystem
import FlowmancerWire
import SystemPackage

/// The connection to a shim, a worker that runs commands. The messages are those of `command.h`.
///
/// The shim knows nothing of tasks. What the command of a task is, and what its end means, is asked here.
final class CommandLink: LocalWorkerLink, WorkerLink {
    /// The attempt that the shim has.
    private var present: Execution?
    /// The attempt that the shim begins by itself after the present one.
    private var held: Execution?
    /// What has arrived and is no whole report.
    private var received: [UInt8] = []
    /// The report that cannot be handled yet.
    private var waiting: CommandReport?
    /// What waits for ``flush()``.
    private var unflushed: [UInt8] = []
    /// What there was no room for, from `unsentStart` on.
    private var unsent: [UInt8] = []
    private var unsentStart = 0

    private struct Execution {
        let attempt: UInt64
        let task: any CommandWork
        /// What it can read about its dependencies, if it reacts to their ends.
        let dependencies: MemoryFile?
        let captureLimit: Int?
    }

    /// The task of an attempt that is to be held is no command. That is told when it has a turn of its own.
    private struct NoCommand: Error {}

    // MARK: To the worker

    func give(_ assignment: Assignment) throws {
        var issues: [JobIssue] = []
        guard let task = source.messages.command(of: assignment.task, &issues) else {
            return refuse(assignment, issues.map(\.description))
        }
        do {
            begin(try send(task, of: assignment, toSecond: turn == 1))
        } catch let error as Errno {
            refuse(assignment, ["The file \(EndedDependency.environmentVariable) cannot be made: \(error)."])
        }
    }

    func hold(_ assignment: Assignment) throws {
        var issues: [JobIssue] = []
        guard let task = source.messages.command(of: assignment.task, &issues) else { throw NoCommand() }
        held = try send(task, of: assignment, toSecond: turn == 0)
    }

    private func send(_ task: any CommandWork, of assignment: Assignment, toSecond: Bool) throws -> Execution {
        let dependencies = try dependenciesFile(of: assignment.task)
        var environment = source.messages.environment(of: assignment.task)
        if let dependencies { environment[EndedDependency.environmentVariable] = dependencies.path }
        let request = task.request
        let frame = request.frame(
            attempt: assignment.id,
            mergesOutput: source.messages.mergesOutput(assignment.task),
            writesToSecond: toSecond,
            adding: environment
        )
        guard frame.count <= Frame.maximumLength else { throw FrameError.tooLarge(frame.count) }
        unflushed += frame
        return Execution(
            attempt: assignment.id,
            task: task,
            dependencies: dependencies,
            captureLimit: request.captureLimit
        )
    }

    /// Ends an attempt whose command cannot be started.
    private func refuse(_ assignment: Assignment, _ reasons: [String]) {
        for reason in reasons { log(.error, reason, of: assignment.id, isRemark: true) }
        tell(.ended(AttemptEnd(attempt: assignment.id, outcome: .failed(.error))))
    }

    private func dependenciesFile(of task: Int) throws(Errno) -> MemoryFile? {
        guard let dependencies = source.messages.extras(of: task)?.dependencies else { return nil }
        return try MemoryFile("flowmancer-dependencies", EndedDependency.json(dependencies))
    }

    func beginHeld() {
        guard let held = held.take() else { return }
        turn = 1 - turn
        begin(held)
        streams[turn].handOnEarly()
    }

    private func begin(_ execution: Execution) {
        streams[turn].capture = execution.captureLimit.map { CapturedText(limit: $0) }
        present = execution
    }

    func recall(_ assignment: Assignment) {
        unflushed += CommandRequest.recalling(attempt: assignment.id)
    }

    func cancel(_ assignment: Assignment, endingAfter patience: Duration) {
        unflushed += CommandRequest.ending(attempt: assignment.id)
    }

    func flush() {
        unsent += unflushed
        unflushed.removeAll(keepingCapacity: unflushed.capacity <= 1 << 16)
        proceed()
    }

    override func proceed() {
        unsentStart += unsent.withUnsafeBytes { socket.send(UnsafeRawBufferPointer(rebasing: $0[unsentStart...])) }
        guard unsentStart == unsent.count else { return }
        unsent.removeAll(keepingCapacity: unsent.capacity <= 1 << 16)
        unsentStart = 0
    }

    // It asks for nothing.

    func answer(_ reply: ReplyWindow.Reply) {}

    // MARK: From the worker

    override var isHolding: Bool { held != nil }
    override var backlog: Int? { waiting.map { _ in received.count } }
    override var hasReportedEnd: Bool { waiting != nil }
    /// What a shim uses says nothing about its command.
    override var processorSeconds: Double? { nil }

    override func noteStart(_ pid: Int32) {
        super.noteStart(pid)
        // It reads what it is sent as soon as it can.
        tell(.ready)
    }

    override func receive(_ bytes: UnsafeRawBufferPointer) { received += bytes }

    override func discardMessages() {
        received = []
        waiting = nil
    }

    override func handleMessage() -> Bool {
        guard let report = nextReport() else { return false }
        guard !report.wasReturned else {
            waiting = nil
            if held?.attempt == report.attempt { held = nil }
            tell(.returned(attempt: report.attempt))
            return true
        }
        guard streams[turn].catchUp() else {
            FaultPoint.pass("report.held")
            return false
        }
        waiting = nil
        streams[turn].flush()
        finish(report)
        return true
    }

    private func nextReport() -> CommandReport? {
        if waiting != nil { return waiting }
        do {
            waiting = try CommandReport(takenFrom: &received, atMost: Frame.maximumLength)
        } catch {
            misbehave("it sent a report of an impossible size")
        }
        return waiting
    }

    private func finish(_ report: CommandReport) {
        guard let present, present.attempt == report.attempt else {
            return misbehave("it reported the end of an attempt that it did not have")
        }
        self.present = nil
        let output = streams[turn].capture.take()?.text
        var end = AttemptEnd(attempt: report.attempt, outcome: .aborted, hasLeftovers: report.hasLeftovers)
        if !report.wasToldToEnd {
            let verdict = source.messages.judge(
                report.outcome(printed: output),
                report.outputs,
                of: present.task,
                attempt: report.attempt
            )
            for line in verdict.lines { log(line.severity, line.text, of: report.attempt, isRemark: line.isRemark) }
            if let shared = verdict.shared { observer.worker(worker, didRequest: shared, id: 0) }
            end.outcome = verdict.outcome
            end.outputs = verdict.outputs
        }
        tell(.ended(end))
    }

    private func log(_ severity: Severity, _ message: String, of attempt: UInt64, isRemark: Bool = false) {
        let line = LoggedLine(attempt: attempt, severity: severity, message: message, isRemark: isRemark)
        observer.worker(worker, didLog: line)
    }
}
