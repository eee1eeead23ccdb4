public import FlowmancerCore
import FlowmancerSystem
package import struct FoundationEssentials.Date
import SystemPackage

/// Writes the output of each task to a log file.
///
/// Each run has a directory named after its start time, with a file for each task:
/// `./logs/2024-05-01.12.00.00/my-task.log`. Its lines look like `[2024-05-01 12:00:05.123456+02:00] INFO - Done!`. A line
/// is in the file at most a quarter of a second after the task wrote it. Only a few files are open at once, however many
/// tasks are running. The symbolic link `./logs/latest` points to the directory of the run that started last.
///
/// Logs are removed ``retentionDays`` days after the end of their run, when another run starts. The logger removes only
/// directories that it created, and never those of a run that is still in progress, even if it is a run of another job.
///
/// ```yaml
/// loggers:
///   my-file-logger:
///     logger: FileLogger
///     parameters:
///       base_log_dir: ./my_custom_log_dir
///       retention_days: 3
/// ```
public actor FileLogger: FlowLogger, FilteringLogger {
    public static let abstract = "Writes a log file for each task."

    /// The directory that contains a directory for each run.
    @Parameter("The directory that contains a directory for each run.")
    public var baseLogDir = "./logs"

    /// The number of days to keep logs after the end of their run. A negative number keeps them forever.
    @Parameter("The number of days to keep logs after the end of their run; a negative number keeps them forever.")
    public var retentionDays = 10

    /// The lowest severity to write.
    @Parameter("The lowest severity to write: debug, info, warning, error or critical.")
    public var level = Severity.debug

    /// The tasks to write, as patterns. Without patterns, all tasks are written.
    @Parameter("The tasks to write, as patterns such as fetch-*; all tasks by default.")
    public var include: TextList = []

    /// The tasks to leave out, as patterns.
    @Parameter("The tasks to leave out, as patterns.")
    public var exclude: TextList = []

    private let now: @Sendable () -> Date
    private let pause: @Sendable () async -> Void
    private var filter = LogFilter()
    private var pool: LogFilePool?
    private var line = LogLine()
    private var flusher: Task<Void, Never>?
    /// Lines for which there was not even a directory.
    private var lostLines = LostLines()
    /// What went wrong when nobody waited for it; the next call throws it.
    private var deferredError: (any Error)?

    /// Creates a logger with default parameters.
    public init() {
        self.init(now: { Date() }, pause: { try? await Task.sleep(for: .milliseconds(250)) })
    }

    /// - Parameters:
    ///   - now: The clock that names the run's directory.
    ///   - pause: Waits as long as lines may be held back.
    package init(now: @escaping @Sendable () -> Date, pause: @escaping @Sendable () async -> Void) {
        self.now = now
        self.pause = pause
    }

    /// The name of the file with a task's log.
    package static func fileName(of task: String) -> String { LogFilePool.fileName(of: task) }

    /// The directory of the run; `nil` before it was created.
    package var runDirectory: String? { pool?.directory }

    /// Creates the directory of the run and removes the logs of old runs.
    public func onCreate() async throws {
        try prepare()
    }

    /// Writes a line, or opens or closes the log of an attempt.
    public func update(_ event: TaskLogEvent) async throws {
        try handle(event)
    }

    /// Writes all remaining lines and closes the files.
    public func onDestroy() async throws {
        flusher?.cancel()
        await flusher?.value
        flusher = nil
        do { try pool?.close() } catch { deferredError = error }
        try lostLines.check()
        try pool?.lostLines.check()
        try throwDeferredError()
    }

    /// Not asynchronous: Swift 6.3.1 crashes when it optimises this body within `update`.
    private func handle(_ event: TaskLogEvent) throws {
        do {
            try prepare()
        } catch {
            if event.kind == .line { lostLines.add(1, error) }
            throw error
        }
        guard filter.admits(event) else { return }
        defer { flushSoon() }
        switch event.kind {
        case .start: try pool?.begin(event.taskName)
        case .end: try pool?.end(event.taskName)
        case .line: try pool?.append(to: event.taskName) { line.append(event, to: &$0) }
        default: break
        }
        try throwDeferredError()
    }

    /// Waits until lines that are held back have been written.
    package func waitForFlush() async {
        await flusher?.value
    }

    /// Creates the run's directory unless that is done.
    private func prepare() throws {
        guard pool == nil else { return }
        filter = LogFilter(level: level, include: include, exclude: exclude)
        let base = FileSystem.absolutePath(baseLogDir)
        let seconds = TimestampWriter.split(now()).seconds
        let directory = try RunDirectory.create(in: base, at: LocalTime(secondsSince1970: seconds))
        pool = LogFilePool(directory: directory)
        LatestLink.update(to: Self.lastComponent(of: directory.path), in: base)
        runInfo.logFiles.add(directory: directory.path) { [path = directory.path, filter] task in
            filter.admits(task: task) ? "\(path)/\(LogFilePool.fileName(of: task))" : nil
        }
        if retentionDays >= 0 { removeOldLogs(in: base, now: seconds) }
    }

    private func removeOldLogs(in base: String, now: Int) {
        let cutoff = now - min(retentionDays, 1_000_000) * 86_400
        do {
            try LogRetention(base: base, cutoff: cutoff).apply()
        } catch {
            deferredError = error
        }
    }

    private static func lastComponent(of path: String) -> String {
        FilePath(path).lastComponent?.string ?? path
    }

    private func throwDeferredError() throws {
        defer { deferredError = nil }
        if let deferredError { throw deferredError }
    }

    /// Sees to it that what waits is written before long, even if no further event comes.
    private func flushSoon() {
        guard flusher == nil, pool?.isDirty == true else { return }
        flusher = Task { [weak self, pause] in
            repeat { await pause() } while await self?.flushNow() == true && !Task.isCancelled
        }
    }

    /// - Returns: Whether something is left that could not be written.
    private func flushNow() -> Bool {
        do {
            try pool?.flush()
        } catch {
            deferredError = error
        }
        guard pool?.isDirty == true else {
            flusher = nil
            return false
        }
        return true
    }
}
