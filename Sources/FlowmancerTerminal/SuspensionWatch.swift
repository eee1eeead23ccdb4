@preconcurrency import Dispatch
import FlowmancerSystem
import Glibc
import Synchronization

/// Takes the live region of the standard console away before Ctrl-Z stops the program: otherwise the shell's prompt comes
/// below a picture that never changes again.
package final class SuspensionWatch: Sendable {
    /// From the signal handler to the watch. It stays open: the handler may run at any time.
    private static let ends: (alarm: OwnedDescriptor, bell: OwnedDescriptor)? = {
        guard let (alarm, bell) = try? OwnedDescriptor.pipe() else { return nil }
        for end in [alarm, bell] { _ = fcntl(end.rawValue, F_SETFL, O_NONBLOCK) }
        return (alarm, bell)
    }()

    /// Where the signal handler writes; -1 if nobody watches. The signal is the process's, so there is one watch at most.
    private static let bell = Atomic<Int32>(-1)

    private let source: any DispatchSourceRead

    /// Watches from now on.
    ///
    /// - Returns: `nil` if somebody else handles the signal, or ignores it.
    package init?(_ console: Console) {
        guard Self.isDefault(SIGTSTP), let ends = Self.ends else { return nil }
        // Not on a global queue: plug-ins may block all of its threads.
        let queue = DispatchQueue(label: "flowmancer.suspension")
        source = DispatchSource.makeReadSource(fileDescriptor: ends.alarm.rawValue, queue: queue)
        source.setEventHandler {
            var bytes = [UInt8](repeating: 0, count: 16)
            if read(ends.alarm.rawValue, &bytes, bytes.count) > 0 { console.suspend(Self.stop) }
        }
        source.activate()
        Self.bell.store(ends.bell.rawValue, ordering: .sequentiallyConsistent)
        Self.listen()
    }

    /// Ends the watch: the signal does again what it does by default.
    package func cancel() {
        Self.bell.store(-1, ordering: .sequentiallyConsistent)
        signal(SIGTSTP, SIG_DFL)
        source.cancel()
    }

    private static func listen() {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in
            let reason = errno
            var byte: UInt8 = 1
            let bell = SuspensionWatch.bell.load(ordering: .sequentiallyConsistent)
            if bell >= 0 { _ = write(bell, &byte, 1) }
            errno = reason
        }
        action.sa_flags = SA_RESTART
        sigaction(SIGTSTP, &action, nil)
    }

    /// Stops the process; returns when it is continued. The system does not stop one that nobody could continue.
    private static func stop() {
        var stop = sigset_t()
        var previous = sigset_t()
        sigemptyset(&stop)
        sigaddset(&stop, SIGTSTP)
        signal(SIGTSTP, SIG_DFL)
        pthread_sigmask(SIG_UNBLOCK, &stop, &previous)
        raise(SIGTSTP)
        pthread_sigmask(SIG_SETMASK, &previous, nil)
        if bell.load(ordering: .sequentiallyConsistent) >= 0 { listen() }
    }

    private static func isDefault(_ signal: Int32) -> Bool {
        var action = sigaction()
        return sigaction(signal, nil, &action) == 0 && action.__sigaction_handler.sa_handler == nil
    }
}
