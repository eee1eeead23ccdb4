package import FlowmancerCore
import Synchronization

/// How a job is run, beyond what the job itself says.
package struct RunOptions: Sendable {
    /// Whether the run continues an earlier one.
    package var isRestart = false
    /// Whether a restart runs completed tasks again if their definition changed.
    package var rerunsChanged = false
    /// Whether what is stored of earlier runs is removed before anything else.
    package var discardsCheckpoint = false
    /// Whether a restart also continues from the checkpoint of another job file.
    package var adoptsCheckpoint = false
    /// The absolute path of the job file; `nil` for a job that was built in code or read from a pipe.
    package var jobFile: String?
    /// The program that runs the job.
    package var program = ProgramIdentity()
    /// Which tasks run.
    package var selection = JobSelection()
    /// Whether the debug messages of libraries are logged, too.
    package var isDebug = false
    /// The command line that continues the run; `nil` for a job that is run from code.
    package var resumeCommand: ResumeCommand?
    /// The run of which a task is run again; `nil` for any other run.
    package var retriedRun: RunID?
    /// The values of the shared dictionary at the beginning; those of the run that is continued are added.
    package var sharedDict: [String: JSONText] = [:]
    /// The keeper, if it was started already.
    package var keeper: EarlyKeeper?

    package init() {}
}

/// Ends a run early, from any thread. Before the run begins, and after it ended, nothing happens.
package final class RunControl: Sendable {
    private let abortHandler = Mutex<State>(.idle(isAborted: false))
    /// Fires with the first request.
    let abortRequested = Latch()

    /// Whether an abort was requested before the run's own loop began.
    var isAborted: Bool {
        abortHandler.withLock { state in if case .idle(isAborted: true) = state { true } else { false } }
    }

    private enum State {
        case idle(isAborted: Bool)
        case attached(@Sendable () -> Void)
    }

    package init() {}

    /// Aborts the run; a second call kills what still runs.
    package func abort() {
        let handler: (@Sendable () -> Void)? = abortHandler.withLock { state in
            if case .attached(let handler) = state { return handler }
            state = .idle(isAborted: true)
            return nil
        }
        abortRequested.open()
        handler?()
    }

    func attach(_ handler: @escaping @Sendable () -> Void) {
        let isAborted = abortHandler.withLock { state in
            defer { state = .attached(handler) }
            if case .idle(isAborted: true) = state { return true }
            return false
        }
        if isAborted { handler() }
    }
}
