import FlowmancerEngine
import FlowmancerTerminal
import FoundationEssentials

/// Shows the progress of a run of another process, as the run itself does.
struct RunWatch {
    private let record: RunRecord
    private let console: Console
    private let renderer: ProgressRenderer
    private var telling: ProgressTelling
    private var replay: EventReplay
    /// The lines that were not shown so far.
    private var lines: [String] = []
    /// When something last happened.
    private var last: Date

    /// How often is looked for more, while the run is under way.
    private static let interval = Duration.milliseconds(100)

    private init(_ open: OpenRun, on console: Console) {
        record = open.run.record
        self.console = console
        renderer = ProgressRenderer(style: console.style)
        telling = ProgressTelling(renderer)
        replay = EventReplay(record, open.digest.nodes.shape)
        last = record.startedAt
        tell(replay.beginning)
    }

    /// Shows a run until it is over. Of one that was over before, only the end is told.
    ///
    /// - Returns: Where it stands.
    static func follow(
        _ run: KeptRun,
        _ reader: any RunReader,
        in history: any FlowHistory,
        on console: Console = .standard
    ) async throws -> RunState {
        var open = try await OpenRun(beginningOf: run, reader)
        var watch = RunWatch(open, on: console)
        try await open.update { event, _ in watch.take(event) }
        HistoryProblems.show(open.problems)
        if open.run.state == .underWay {
            let suspension = console.isRedrawable ? SuspensionWatch(console) : nil
            defer { suspension?.cancel() }
            if console.isLive { await watch.usePast(of: open, in: history) }
            repeat {
                try watch.showLines()
                watch.draw()
                try await Task.sleep(for: interval)
                try await open.update { event, _ in watch.take(event) }
                watch.tellRest()
            } while open.run.state == .underWay
            console.endLiveRegion(isKept: false)
            try watch.showLines()
        }
        try watch.showEnd(of: open.run)
        return open.run.state
    }

    private mutating func take(_ event: RecordedEvent) {
        last = event.time
        tell(replay.events(of: event))
    }

    private mutating func tell(_ events: [ExecutionEvent]) {
        for event in events {
            lines += telling.apply(event, to: console.isLive ? .terminal : .file) { record.logPaths(of: $0).first }
        }
    }

    /// What was held back has waited for more that belongs to it.
    private mutating func tellRest() {
        if lines.isEmpty { lines = telling.rest() }
    }

    /// Without the past, the display goes by the pace of the run.
    private mutating func usePast(of open: OpenRun, in history: any FlowHistory) async {
        let durations = try? await TaskDurations.read(of: record.jobName, from: history, before: record.id)
        if let durations, !durations.isEmpty {
            telling.model.use(TimeLeft.Past(open.digest.nodes, durations))
        }
    }

    private mutating func draw() {
        let now = Date()
        telling.model.lookAhead(at: now)
        console.setLiveRegion(renderer.lines(telling.model, now: now, size: console.size))
    }

    private mutating func showLines() throws {
        if !lines.isEmpty { try CommandOutput.print(lines.joined(separator: "\n")) }
        lines = []
    }

    private mutating func showEnd(of run: KeptRun) throws {
        lines = telling.ending(at: run.endedAt ?? last, outcome: run.state)
        if lines.isEmpty { lines = ["\(run.record.jobName.printable): \(run.state)"] }
        if let reason = run.end?.conclusion?.reason { lines.append("because: \(reason)".printableLines) }
        try showLines()
    }
}
