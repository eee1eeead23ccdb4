public import FlowmancerCore
package import struct FoundationEssentials.Date
import SystemPackage

/// Writes the output of every task to a file of its own.
///
/// Every run has a directory that is named after its start, and every task a file in it:
/// `./logs/2024-05-01.12.00.00/my-task.log`, with lines such as
/// `[2024-05-01 12:00:05.123456+02:00] INFO - Done!`. A line is in its file a quarter of a second after it was written
/// at the latest. However many tasks write, only a few files are open at once.
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

    /// The directory that holds a directory for every run.
    @Parameter("The directory that holds a directory for every run.")
    public var baseLogDir = "./logs"

    /// How many days log files are kept; they are kept for ever if the number is negative.
    @Parameter("How many days log files are kept; for ever if negative.")
    public var retentionDays = 10

    /// The least severity of the lines that are written.
    @Parameter("The least severity of the lines that are written: debug, info, warning, error, critical.")
    public var level = Severity.debug

    /// Patterns of the tasks whose lines are written; all of them if there is none.
    @Parameter("Patterns of the tasks whose lines are written, such as fetch-*; all unless given.")
    public var include: TextList = []

    /// Patterns of the tasks whose lines are not written.
    @Parameter("Patterns of the tasks whose lines are not written.")
    public var exclude: TextList = []

    private let now: @Sendable () -> Date
    private let pause: @Sendable () async -> Void
    private var filter = LogFilter()
    private var pool: LogFilePool?
    private var line = LogLine()
    private var flusher: Task<Void, Never>?
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

    /// The directory of the run; `nil` before it was created.
    package var runDirectory: String? { pool?.directory }

    /// Creates the directory of the run and removes log files that are too old.
    public func onCreate() async throws {
        try prepare()
    }

    /// Takes one line, or opens or closes the log of an attempt.
    public func update(_ event: LogEvent) async throws {
        try handle(event)
    }

    /// Writes what is left and closes all files.
    public func onDestroy() async throws {
        flusher?.cancel()
        await flusher?.value
        flusher = nil
        try pool?.close()
        try throwDeferredError()
    }

    /// Not asynchronous: Swift 6.3.1 crashes when it optimises this body within `update`.
    private func handle(_ event: LogEvent) throws {
        try prepare()
        guard filter.admits(event) else { return }
        defer { flushSoon() }
        switch event.kind {
        case .start: try pool?.begin(event.taskName)
        case .end: try pool?.end(event.taskName)
        case .write(let severity, let message):
            try pool?.append(to: event.taskName) { buffer in
                line.append(event, severity: severity, message: message, to: &buffer)
            }
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
        if retentionDays >= 0 { removeOldLogs(in: base, now: seconds) }
    }

    private func removeOldLogs(in base: String, now: Int) {
        let cutoff = now - min(retentionDays, 1_000_000) * 86_400
        do {
            try LogRetention(base: base, cutoff: cutoff).apply(except: runDirectory.map(Self.lastComponent) ?? "")
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
