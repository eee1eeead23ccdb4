import Flowmancer
import FlowmancerCore
import FoundationEssentials

/// A run that somebody looks at: what has happened in it until now, and what followers have to be told.
///
/// All who look at a run share it. Its history is asked for more only when somebody asks, or while somebody follows.
actor LiveRun {
    private var open: OpenRun
    /// The last frames, for followers who are not far behind.
    private var frames: [ChangeFrame] = []
    private var followers = 0
    private var poller: Task<Void, Never>?
    /// Followers who have all that there is, and wait.
    private var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    private var lastWaiter = 0
    private var updating: Task<Void, any Error>?
    private var view: (tag: String, json: JSONText)?
    let layouts = RunLayouts()
    let expectation: RunExpectation

    /// How often the history is asked for more while somebody follows.
    private static let interval = Duration.milliseconds(40)
    /// Followers further behind than this read the history anew.
    private static let keptBytes = 8 << 20

    init(_ open: OpenRun, in histories: Histories) {
        self.open = open
        expectation = RunExpectation(of: open.run.record, in: histories)
    }

    /// What has happened in the run until now.
    func current() async throws -> OpenRun {
        try await update()
        return open
    }

    /// What the page draws, which is made anew only if something has happened.
    func currentView() async throws -> (tag: String, json: JSONText) {
        try await update()
        let tag = open.tag
        if let view, view.tag == tag { return view }
        let made = (tag: tag, json: RunView.json(open))
        view = made
        return made
    }

    /// Whether somebody looks at the run at this moment.
    var isFollowed: Bool { followers > 0 }

    // MARK: Following

    /// What a follower is told next.
    enum News: Sendable {
        case frames([ChangeFrame])
        /// There is more, which has to be read from the history.
        case older
        /// All of it was told, and nothing follows.
        case ended(JSONText)
        /// Nothing for a while.
        case nothing
    }

    /// Somebody follows the run from now on, until ``unfollow()``.
    func follow() {
        followers += 1
        guard poller == nil else { return }
        poller = Task { await poll() }
    }

    func unfollow() {
        followers -= 1
        guard followers == 0 else { return }
        poller?.cancel()
        poller = nil
    }

    /// Returns what has happened behind an event, and waits for it, but not for ever.
    func news(after number: Int, patience: Duration) async throws -> News {
        if number >= open.digest.lastNumber, open.run.state == .underWay { await wait(patience) }
        guard number < open.digest.lastNumber else {
            return open.run.state == .underWay ? .nothing : .ended(open.run.json.json)
        }
        guard let first = frames.firstIndex(where: { $0.before == number }) else { return .older }
        return .frames(Array(frames[first...]))
    }

    /// Makes a frame of events that a follower read who was too far behind.
    func frame(_ events: [RecordedEvent], after number: Int) -> ChangeFrame? {
        var builder = ChangeFrame.Builder(since: open.run.record.startedAt, after: number)
        for event in events where event.number <= open.digest.lastNumber { builder.add(event, open.digest) }
        return builder.finish()
    }

    private func wait(_ patience: Duration) async {
        lastWaiter += 1
        let waiter = lastWaiter
        let alarm = Task {
            try? await Task.sleep(for: patience)
            wake(waiter)
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled { continuation.resume() } else { waiters[waiter] = continuation }
            }
        } onCancel: {
            Task { await self.wake(waiter) }
        }
        alarm.cancel()
    }

    private func wake(_ waiter: Int) { waiters.removeValue(forKey: waiter)?.resume() }

    private func wakeAll() {
        let all = waiters
        waiters = [:]
        for waiter in all.values { waiter.resume() }
    }

    // MARK: Reading

    private func poll() async {
        while !Task.isCancelled {
            // A history that cannot be read for a moment is asked again.
            try? await update()
            if open.run.state != .underWay {
                wakeAll()
                return
            }
            try? await Task.sleep(for: Self.interval)
        }
    }

    /// Takes in what has happened. Two at a time would take it in twice.
    private func update() async throws {
        if let updating { return try await updating.value }
        // Where a run stands was asked before its events: its end may be among them, and not yet known to the run.
        guard open.run.end == nil || open.digest.conclusion == nil else { return }
        let task = Task { try await readNews() }
        updating = task
        defer { updating = nil }
        try await task.value
    }

    private func readNews() async throws {
        let (before, origin) = (open.tag, open.run.record.startedAt)
        let now = try await open.latest()
        var builder = ChangeFrame.Builder(since: origin, after: open.digest.lastNumber)
        var made: [ChangeFrame] = []
        while true {
            let portion = try await open.nextPortion()
            let mayBeMore = open.take(portion) { event, digest in
                builder.add(event, digest)
                guard builder.count >= ChangeFrame.mostEvents, let frame = builder.finish() else { return }
                made.append(frame)
                builder = ChangeFrame.Builder(since: origin, after: event.number)
            }
            if !mayBeMore { break }
        }
        open.settle(now)
        if let frame = builder.finish() { made.append(frame) }
        // Those who do not follow need no frames.
        if followers > 0 { keep(made) } else { frames = [] }
        if open.tag != before { wakeAll() }
    }

    private func keep(_ made: [ChangeFrame]) {
        frames += made
        var size = frames.reduce(0) { $0 + $1.bytes.count }
        while size > Self.keptBytes, frames.count > 1 { size -= frames.removeFirst().bytes.count }
    }
}

extension OpenRun {
    /// What changes whenever something of the run does.
    var tag: String { "\(digest.lastNumber)-\(run.state.rawValue)" }
}
