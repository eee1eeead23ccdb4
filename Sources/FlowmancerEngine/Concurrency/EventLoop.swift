import CFlowmancerSystem
import FlowmancerSystem
import Glibc
import HeapModule

/// Waits for descriptors and for points in time, and handles all that in turn, on one thread. Only that thread may use
/// it; the others have its ``EventLoopThread``.
///
/// It is epoll and little else: three descriptors come and go with each worker process, and what it costs to watch one
/// decides how many attempts with a process of their own there can be in a second.
final class EventLoop {
    /// What a descriptor is watched for.
    struct Interest: OptionSet {
        let rawValue: UInt32

        /// There is something to read, or there will never be more.
        static let reading = Interest(rawValue: EPOLLIN.rawValue)
        /// There is room to write, or nobody who reads.
        static let writing = Interest(rawValue: EPOLLOUT.rawValue)
    }

    /// What is done at a point in time, unless it is cancelled.
    final class Timer {
        fileprivate private(set) var job: (() -> Void)?
        private let cancellations: Cancellations

        fileprivate init(_ cancellations: Cancellations, _ job: @escaping () -> Void) {
            self.cancellations = cancellations
            self.job = job
        }

        func cancel() {
            guard job != nil else { return }
            job = nil
            cancellations.count += 1
        }

        fileprivate func elapse() {
            if let job = job.take() { job() } else { cancellations.count -= 1 }
        }
    }

    /// Counts the cancelled timers that wait for their time.
    fileprivate final class Cancellations {
        var count = 0
    }

    /// The memory that readers read into, one at a time.
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)

    private let poll: Int32
    private var events = [epoll_event](repeating: epoll_event(), count: 256)
    private var watched: [Int32: Watch] = [:]
    private var lastGeneration: UInt32 = 0
    private var timers = Heap<Entry>()
    private let cancellations = Cancellations()
    private var lastTimer: UInt64 = 0
    private var jobs: [() -> Void] = []

    /// How long the loop waits before it asks the system again to watch what that refused to.
    private static let patience = Duration.milliseconds(100)
    /// From how many cancelled timers on it is worth the while to let go of them.
    private static let manyTimers = 1_000

    private struct Watch {
        var wanted: Interest
        /// What the system was told.
        var set: Interest = []
        /// Tells it from earlier ones of the same number, of which events may still be on their way.
        var generation: UInt32
        var handle: (Interest) -> Void
    }

    private struct Entry: Comparable {
        var time: SuspendingClock.Instant
        /// Those of the same time elapse in the order in which they were set.
        var number: UInt64
        var timer: Timer

        static func == (left: Self, right: Self) -> Bool { left.number == right.number }
        static func < (left: Self, right: Self) -> Bool { (left.time, left.number) < (right.time, right.number) }
    }

    /// - Throws: ``SystemError`` if there is no descriptor for it.
    init() throws(SystemError) {
        poll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard poll >= 0 else { throw SystemError("epoll_create1") }
    }

    deinit {
        Glibc.close(poll)
        buffer.deallocate()
    }

    // MARK: Later

    /// Does something once all that is there to be handled now was handled.
    func later(_ job: @escaping () -> Void) {
        jobs.append(job)
    }

    /// Does something after a time.
    @discardableResult
    func schedule(after pause: Duration, _ job: @escaping () -> Void) -> Timer {
        if cancellations.count > max(Self.manyTimers, timers.count / 2) {
            timers = Heap(timers.unordered.filter { $0.timer.job != nil })
            cancellations.count = 0
        }
        let timer = Timer(cancellations, job)
        lastTimer += 1
        timers.insert(Entry(time: .now + pause, number: lastTimer, timer: timer))
        return timer
    }

    /// How many timers are kept, with cancelled ones.
    var timerCount: Int { timers.count }

    // MARK: Descriptors

    /// Watches a descriptor.
    ///
    /// - Parameters:
    ///   - interest: What for; ``setInterest(_:in:)`` changes it.
    ///   - handle: Is called again and again while that is so.
    func watch(_ descriptor: Int32, for interest: Interest, _ handle: @escaping (Interest) -> Void) {
        lastGeneration &+= 1
        watched[descriptor] = Watch(wanted: interest, generation: lastGeneration, handle: handle)
        tell(of: descriptor)
    }

    /// Changes what a descriptor is watched for.
    func setInterest(_ interest: Interest, in descriptor: Int32) {
        watched[descriptor]?.wanted = interest
        tell(of: descriptor)
    }

    /// Tells the system what a descriptor is to be watched for.
    private func tell(of descriptor: Int32) {
        guard let watch = watched[descriptor], watch.wanted != watch.set else { return }
        // The end of the other side is told whatever the interest is: what is of none has to be taken out.
        let operation = watch.wanted.isEmpty ? EPOLL_CTL_DEL : watch.set.isEmpty ? EPOLL_CTL_ADD : EPOLL_CTL_MOD
        var event = epoll_event()
        event.events = watch.wanted.rawValue
        event.data.u64 = UInt64(watch.generation) << 32 | UInt64(UInt32(bitPattern: descriptor))
        if epoll_ctl(poll, operation, descriptor, &event) == 0 || operation == EPOLL_CTL_DEL {
            watched[descriptor]?.set = watch.wanted
        } else {
            // Out of memory, or of what a user may watch.
            schedule(after: Self.patience) { [self] in
                if watched[descriptor]?.generation == watch.generation { tell(of: descriptor) }
            }
        }
    }

    /// Watches a descriptor no longer, and closes it.
    func close(_ descriptor: Int32) {
        setInterest([], in: descriptor)
        watched[descriptor] = nil
        Glibc.close(descriptor)
    }

    // MARK: Turns

    /// Waits until there is something to handle, and handles it.
    func turn() {
        let count = epoll_wait(poll, &events, Int32(events.count), timeout)
        for index in 0..<max(0, Int(count)) { handle(events[index]) }
        handleTimers()
        let jobs = jobs
        self.jobs.removeAll(keepingCapacity: true)
        for job in jobs { job() }
    }

    /// Does what is still to be done at once, and forgets everything else.
    func end() {
        while !jobs.isEmpty { turn() }
        timers = Heap()
        watched = [:]
    }

    private var timeout: Int32 {
        guard jobs.isEmpty else { return 0 }
        guard let next = timers.min else { return -1 }
        let pause = next.time - .now
        guard pause > .zero else { return 0 }
        // Rounded up: not to be early, only to wait once more.
        return Int32(clamping: Int64(min(pause / .milliseconds(1), 1_000_000)) + 1)
    }

    private func handle(_ event: epoll_event) {
        let descriptor = Int32(bitPattern: UInt32(truncatingIfNeeded: event.data.u64))
        guard let watch = watched[descriptor], UInt64(watch.generation) == event.data.u64 >> 32 else { return }
        // Reading or writing tells what is wrong.
        let isOver = event.events & (EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0
        let ready = isOver ? watch.wanted : watch.wanted.intersection(Interest(rawValue: event.events))
        if !ready.isEmpty { watch.handle(ready) }
    }

    private func handleTimers() {
        guard !timers.isEmpty else { return }
        let now = SuspendingClock.now
        while let next = timers.min, next.time <= now {
            timers.removeMin()
            next.timer.elapse()
        }
    }
}
