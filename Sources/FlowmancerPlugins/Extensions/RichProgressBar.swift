public import FlowmancerCore
package import FlowmancerTerminal
package import struct FoundationEssentials.Date

/// Shows the progress of a run. It is the default extension of a job.
///
/// On a terminal, it draws a progress bar, the number of tasks in each state, and the running tasks at the bottom, and
/// prints failures above them. In a file, a pipe, or the background of a terminal, it prints a line for each change. In
/// jobs of more than 50 tasks, it prints a line for each failure and each tenth of the progress instead. The tasks that
/// run for the items of a list have one line together: `load  7/20 done, 2 running, 1 failed`.
///
/// On a terminal, it also says how long the run still takes, `about 3 min left`, if that is known: from the times that the
/// tasks took in the last runs, or from the pace of this one.
///
/// When an attempt fails, the display says why, and prints the last three lines of its standard error and the path of its
/// log. At the end, it lists all failed tasks with the last ten lines of each.
///
/// ```yaml
/// extensions:
///   progress:
///     extension: RichProgressBar
/// ```
public actor RichProgressBar: FlowExtension {
    public static let abstract = "Shows the progress of the run in the terminal."

    private let console: Console
    private let now: @Sendable () -> Date
    private let pause: @Sendable () async -> Void
    private let renderer: ProgressRenderer
    private var telling: ProgressTelling
    private var lostLines = LostLines()
    private var refresher: Task<Void, Never>?
    /// Reads how long the tasks took in the past.
    private var pastReading: Task<Void, Never>?
    /// Prints what the narrator holds back, even if no further event comes.
    private var flusher: Task<Void, Never>?
    private var suspensionWatch: SuspensionWatch?
    /// What went wrong when nobody waited for it; the next call throws it.
    private var deferredError: (any Error)?

    /// Creates a progress display on standard output.
    public init() {
        self.init(
            console: .standard,
            now: { Date() },
            pause: { try? await Task.sleep(for: .milliseconds(100)) }
        )
    }

    /// - Parameters:
    ///   - console: Where to draw.
    ///   - now: The clock for elapsed times.
    ///   - pause: Waits until the picture should be drawn again.
    package init(
        console: Console,
        now: @escaping @Sendable () -> Date,
        pause: @escaping @Sendable () async -> Void
    ) {
        self.console = console
        self.now = now
        self.pause = pause
        renderer = ProgressRenderer(style: console.style)
        telling = ProgressTelling(renderer)
    }

    /// Starts to refresh the display.
    public func onCreate() async throws {
        guard console.isRedrawable, refresher == nil else { return }
        suspensionWatch = console === Console.standard ? SuspensionWatch(console) : nil
        refresher = Task { [weak self, pause] in
            while !Task.isCancelled, let self {
                await self.redraw()
                await pause()
            }
        }
    }

    /// Shows a change of state.
    public func update(_ event: ExecutionEvent) async throws {
        let lines = telling.apply(event, to: console.isLive ? .terminal : .file) { runInfo.logFiles.path(of: $0) }
        flushSoon()
        try print(lines)
        try throwDeferredError()
    }

    /// Removes the progress bar, and prints the failed tasks and a summary.
    public func onDestroy() async throws {
        refresher?.cancel()
        await refresher?.value
        refresher = nil
        pastReading?.cancel()
        flusher?.cancel()
        await flusher?.value
        suspensionWatch?.cancel()
        suspensionWatch = nil
        console.endLiveRegion(isKept: false)
        try? print(telling.ending(at: now()))
        try lostLines.check()
    }

    private var model: ProgressModel { telling.model }

    /// Draws the present state.
    package func redraw() {
        let now = now()
        askPast(at: now)
        telling.model.lookAhead(at: now)
        console.setLiveRegion(renderer.lines(model, now: now, size: console.size))
    }

    /// How many seconds a run takes before the past is asked how long it still does: a short run has better things to do.
    private static let patience = 2.0

    private func askPast(at now: Date) {
        guard pastReading == nil, let start = model.start, now.timeIntervalSince(start) >= Self.patience else { return }
        let run = runInfo
        // Nobody waits for it: a run ends without knowing how long it would take.
        pastReading = Task.detached { [weak self] in
            let durations = await run.pastDurations()
            guard !durations.isEmpty, !Task.isCancelled else { return }
            await self?.use(TimeLeft.Past(run.job, durations))
        }
    }

    private func use(_ past: TimeLeft.Past) { telling.model.use(past) }

    private func print(_ lines: [String]) throws {
        guard !lines.isEmpty else { return }
        let text = lines.joined(separator: "\n")
        do throws(ConsoleError) {
            try console.show(text)
        } catch {
            lostLines.add(text.utf8.count { $0 == UInt8(ascii: "\n") } + 1, error)
            throw error
        }
    }

    private func flushSoon() {
        guard flusher == nil, telling.hasRest else { return }
        flusher = Task { [weak self, pause] in
            await pause()
            await self?.flush()
        }
    }

    private func flush() {
        flusher = nil
        do { try print(telling.rest()) } catch { deferredError = error }
    }

    private func throwDeferredError() throws {
        defer { deferredError = nil }
        if let deferredError { throw deferredError }
    }
}
