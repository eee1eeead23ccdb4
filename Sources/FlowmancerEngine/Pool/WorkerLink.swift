import FlowmancerCore
import FlowmancerSystem

/// The connection to one worker. What it tells the ``WorkerObserver`` is in order: lines come before the end of the attempt
/// that wrote them, and everything comes before the end of the worker. Used on the event loop only.
protocol WorkerLink: AnyObject {
    // MARK: To the worker. Nothing leaves the engine before `flush()`.

    /// Gives an idle worker an attempt.
    ///
    /// - Throws: An error if the attempt is too large to be sent. The worker does not get it.
    func give(_ assignment: Assignment) throws
    /// Gives a busy worker the attempt that it begins by itself after the present one.
    ///
    /// - Throws: An error if the attempt is too large to be sent. The worker does not get it.
    func hold(_ assignment: Assignment) throws
    /// Asks for the attempt that the worker holds. It is returned, unless it has begun.
    func recall(_ assignment: Assignment)
    /// Takes note that the worker has begun the attempt that it held, and hands on what that has written.
    func beginHeld()
    /// Tells an attempt that has begun to end.
    func cancel(_ assignment: Assignment, endingAfter patience: Duration)
    /// Answers a request about the shared dictionary.
    func answer(_ reply: ReplyWindow.Reply)
    /// Sends what was queued.
    func flush()

    // MARK: From the worker

    /// Stops or resumes handing on what the worker prints and logs.
    func pauseOutput(_ isPaused: Bool)
    /// Whether the end of the attempt was reported, be it behind output that is still on its way.
    var hasReportedEnd: Bool { get }
    /// Hands the report of the attempt's end on, and what was written before it, even while that is to wait: it is not much,
    /// and nothing comes behind it.
    func takeReport()
    /// The processor time that the worker has used; `nil` if that is not known.
    var processorSeconds: Double? { get }

    // MARK: The end

    /// Ends the worker with everything that it started; its end is told later.
    func kill()
    /// Ends all contact with the worker.
    func close()
}

/// What is told about workers. They have the numbers with which they were started.
protocol WorkerObserver: AnyObject {
    func worker(_ worker: Int, did news: WorkerNews)
    /// The worker, or a process that it started, wrote a line.
    func worker(_ worker: Int, didWrite line: UnsafeRawBufferPointer, on stream: OutputStream)
    /// An attempt logged a line.
    func worker(_ worker: Int, didLog line: LoggedLine)
    /// Something that an earlier attempt had started logged a line.
    func worker(_ worker: Int, didLogLate line: LateLine)
    /// The present attempt wants something of the shared dictionary; `nil` if the engine does not know what.
    func worker(_ worker: Int, didRequest operation: SharedDictOperation?, id: UInt64)
    /// What starts and ends workers is gone, and all workers with it. Their ends are told next.
    func sourceDidLoseWorkers(_ end: ProcessEnd)
}

/// What becomes of a worker.
enum WorkerNews {
    /// It exists, but is not ready.
    case started
    /// The system did not allow it to be started.
    case refused(SystemError)
    /// It can be given attempts.
    case ready
    /// It gave back the attempt that it held, and will not begin it.
    case returned(attempt: UInt64)
    /// It has executed an attempt, and everything that this wrote was told.
    case ended(AttemptEnd)
    /// It does not keep to the protocol, for this reason: "it sent …". It is not listened to any more.
    case misbehaved(String)
    /// It and everything that it had started is gone.
    case gone(WorkerEnd)
}

/// What a worker says about the end of an attempt.
struct AttemptEnd {
    let attempt: UInt64
    var outcome: AttemptOutcome
    /// What the attempt published: a JSON object.
    var outputs: JSONText?
    /// Whether processes that the attempt started are still there.
    var hasLeftovers = false
    /// Whether threads that the attempt started are still there.
    var hasLeftThreads = false
    /// Whether the worker has said something behind this.
    var isFollowed = false
}

/// How a worker ended.
struct WorkerEnd {
    let process: ProcessEnd
    /// Why the process ended itself, as far as the present attempt wrote it.
    var reason: String?
}

/// The stream that a line came from.
enum OutputStream {
    case output, errors
}

/// A line that an attempt logged.
struct LoggedLine {
    let attempt: UInt64
    let severity: Severity
    let message: String
    var metadata: [String: String] = [:]
    /// Whether the line is about the attempt, for instance the error that the task threw.
    var isRemark = false
}

/// A line that came through the logger of an attempt that had ended.
struct LateLine {
    let attempt: UInt64
    let taskName: String
    /// The number of the attempt, from 1.
    let attemptNumber: Int
    let message: String
}
