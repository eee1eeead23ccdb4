public import FlowmancerCore
package import struct FoundationEssentials.Date

/// Shows the progress of a run to the person who started it.
///
/// On a terminal it keeps a picture at the bottom: a bar, the number of tasks by state, and the tasks that run. Failures
/// are told above it. Elsewhere it prints a line for every change that matters, or, in jobs of more than 50 tasks, for
/// every failure and every tenth of the way. It is the default extension of a job.
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
    private var narrator: ProgressNarrator
    private var model = ProgressModel()
    private var refresher: Task<Void, Never>?

    /// Creates a progress display on the standard output.
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
        narrator = ProgressNarrator(renderer: renderer, audience: console.isLive ? .terminal : .file)
    }

    /// Begins to refresh the picture.
    public func onCreate() async throws {
        guard console.isLive, refresher == nil else { return }
        refresher = Task { [weak self, pause] in
            while !Task.isCancelled, let self {
                await self.redraw()
                await pause()
            }
        }
    }

    /// Takes over one change of state.
    public func update(_ event: ExecutionEvent) async throws {
        let beginning = model.beginning(of: event.taskName)
        model.apply(event)
        for line in narrator.lines(for: event, beginning: beginning, model: model) { console.print(line) }
    }

    /// Replaces the picture by a summary that stays.
    public func onDestroy() async throws {
        refresher?.cancel()
        await refresher?.value
        refresher = nil
        console.endLiveRegion(isKept: false)
        if model.total > 0 { console.print(renderer.summary(model, now: now())) }
    }

    /// Draws the present state.
    package func redraw() {
        console.setLiveRegion(renderer.lines(model, now: now(), size: console.size))
    }
}
