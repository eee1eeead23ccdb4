import CFlowmancerSystem
import FlowmancerSystem
import Glibc
import Synchronization

/// The thread of an ``EventLoop``, and the way to it for all others.
final class EventLoopThread: Sendable {
    private let mailbox = Mutex(Mailbox())
    /// Becomes readable when there is something in the mailbox.
    private let bell: Int32

    private struct Mailbox {
        var jobs: [@Sendable (EventLoop) -> Void] = []
        /// Who waits for the end.
        var ending: CheckedContinuation<Void, Never>?
        var isClosed = false
    }

    /// Starts the thread.
    ///
    /// - Throws: ``SystemError`` if there is no thread, or no descriptor for it.
    init() throws(SystemError) {
        bell = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard bell >= 0 else { throw SystemError("eventfd") }
        let loop = Sending(try EventLoop())
        guard SystemThread(body: { [self] in run(loop.take()) }).start() else {
            throw SystemError("pthread_create", .resourceTemporarilyUnavailable)
        }
    }

    deinit {
        close(bell)
    }

    /// Does something on the loop, later. Once the loop has ended, nothing is done.
    func execute(_ job: @escaping @Sendable (EventLoop) -> Void) {
        let isFirst = mailbox.withLock { mailbox in
            guard !mailbox.isClosed else { return false }
            mailbox.jobs.append(job)
            return mailbox.jobs.count == 1
        }
        if isFirst { eventfd_write(bell, 1) }
    }

    /// Ends the loop once everything was done that it was asked for, and waits until that is so.
    func stop() async {
        await withCheckedContinuation { continuation in
            mailbox.withLock { $0.ending = continuation }
            eventfd_write(bell, 1)
        }
    }

    private func run(_ loop: EventLoop) {
        loop.watch(bell, for: .reading) { [self] _ in
            var count: eventfd_t = 0
            eventfd_read(bell, &count)
        }
        while true {
            loop.turn()
            let (jobs, ending) = mailbox.withLock { mailbox in
                defer { mailbox.jobs = [] }
                mailbox.isClosed = mailbox.ending != nil
                return (mailbox.jobs, mailbox.ending.take())
            }
            for job in jobs { job(loop) }
            guard let ending else { continue }
            loop.end()
            return ending.resume()
        }
    }
}
