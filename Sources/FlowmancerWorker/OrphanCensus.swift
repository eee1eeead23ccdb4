import Glibc

/// Tells, of the children of a worker's main thread, those that the task adopted from those that it started.
///
/// The processes that a task starts may leave others behind. The kernel gives such orphans to the first thread of the
/// worker, its main thread, and only the worker can collect them when they end. A child that the task started belongs to
/// the thread that started it, which is never the main thread: that one waits in `dispatchMain()`. It comes to the main
/// thread only if the thread that started it ends. So as long as no thread has ended, every new child of the main thread
/// is an orphan, and nobody can be waiting for its status. In doubt, a child counts as the task's own. An attempt begins
/// without children.
struct OrphanCensus {
    /// Those that may be the task's own.
    private var kept: Set<pid_t> = []
    /// Those that were adopted.
    private(set) var orphans: Set<pid_t> = []

    /// Takes in a look at the children of the main thread.
    ///
    /// - Parameter threadsEnded: Whether a thread may have ended since the look before, or since the beginning.
    mutating func note(_ children: some Sequence<pid_t>, threadsEnded: Bool) {
        let children = Set(children)
        let new = children.subtracting(kept).subtracting(orphans)
        if !threadsEnded { orphans.formUnion(new) } else { kept.formUnion(new) }
        kept.formIntersection(children)
        orphans.formIntersection(children)
    }

    /// Forgets a child that was collected: its number may be used again.
    mutating func forget(_ child: pid_t) {
        orphans.remove(child)
    }
}
