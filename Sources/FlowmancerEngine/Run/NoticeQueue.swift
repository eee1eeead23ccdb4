import Dispatch

/// Shows notices, one after the other, without keeping the run waiting: writing to a terminal or a pipe that nobody
/// reads from blocks.
final class NoticeQueue: Sendable {
    private let queue = DispatchQueue(label: "flowmancer.notices")
    private let show: @Sendable (RunNotice) -> Void

    init(_ show: @escaping @Sendable (RunNotice) -> Void) {
        self.show = show
    }

    /// Shows a notice soon, from any thread.
    func post(_ notice: RunNotice) {
        queue.async { self.show(notice) }
    }

    /// Waits until everything was shown, but not longer than `limit`.
    func drain(atMost limit: Duration) async {
        let shown = Latch()
        queue.async { shown.open() }
        _ = await shown.wait(atMost: limit)
    }
}
