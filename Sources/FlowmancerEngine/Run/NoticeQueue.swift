import Dispatch
import FlowmancerCore
import Synchronization

/// Shows notices, one after the other, without keeping the run waiting: writing to a terminal or a pipe that nobody
/// reads from blocks.
final class NoticeQueue: Sendable {
    private let queue = DispatchQueue(label: "flowmancer.notices")
    private let show: @Sendable (RunNotice) -> Void
    /// Those that were not begun to be shown.
    private let waiting = Mutex<[RunNotice]>([])

    init(_ show: @escaping @Sendable (RunNotice) -> Void) {
        self.show = show
    }

    /// Shows a notice soon, from any thread.
    func post(_ notice: RunNotice) {
        waiting.withLock { $0.append(notice) }
        queue.async {
            let next = self.waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            if let next { self.show(next) }
        }
    }

    /// Waits until everything was shown, but not longer than `limit`. What went wrong is shown in any case: what holds the
    /// rest up may be a standard output that nobody reads.
    func drain(atMost limit: Duration) async {
        let shown = Latch()
        queue.async { shown.open() }
        guard await !shown.wait(atMost: limit) else { return }
        let rest = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        let warnings = rest.filter { $0.severity >= .warning }
        guard !warnings.isEmpty else { return }
        // Nobody may read these, either.
        let warned = Latch()
        DispatchQueue(label: "flowmancer.warnings").async {
            for notice in warnings { self.show(notice) }
            warned.open()
        }
        _ = await warned.wait(atMost: limit)
    }
}
