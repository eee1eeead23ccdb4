import FlowmancerCore
import FlowmancerSystem
import Glibc
import SystemPackage

/// A command below this process, which leads a process group.
struct StartedCommand {
    let pid: pid_t

    /// Waits for the end, and brings it about if it does not come.
    ///
    /// - Returns: `nil` if something else in the process has waited for the command.
    func end(within limit: Duration) -> SlurmResult.End? {
        let isInTime = waits(for: limit)
        if !isInTime {
            CommandRequest.end(pid)
            if !waits(for: .seconds(2)) { kill(-pid, SIGKILL) }
        }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 {
            guard Errno.current == .interrupted else { return nil }
        }
        return isInTime ? .ended(ProcessEnd(waitStatus: status)) : .overdue
    }

    /// Waits for the end, but leaves it to be collected.
    ///
    /// - Returns: Whether it came in time.
    private func waits(for limit: Duration) -> Bool {
        let clock = ContinuousClock()
        let deadline = clock.now + limit
        let process = try? OwnedDescriptor(process: pid)
        while true {
            var information = siginfo_t()
            let result = waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT | WNOHANG)
            // An error other than this one is found again when the end is collected.
            if result != 0, Errno.current != .interrupted { return true }
            if result == 0, information.si_signo != 0 { return true }
            let rest = clock.now.duration(to: deadline)
            guard rest > .zero else { return false }
            // Where the system has no descriptors for processes, it is looked again.
            let pause = process == nil ? min(rest, .milliseconds(20)) : rest
            var source = pollfd(fd: process?.rawValue ?? -1, events: Int16(POLLIN), revents: 0)
            poll(&source, 1, Int32(clamping: Int((pause / .milliseconds(1)).rounded(.up))))
        }
    }
}
