import FlowmancerCore
import FlowmancerSystem
import Glibc
import Synchronization
import SystemPackage

/// A command that runs below this process: started once, waited for, and ended by a signal to its whole process group.
final class CommandProcess: Sendable {
    private let request: CommandRequest
    private let additions: [String: String]
    private let phase = Mutex(Phase.waiting)

    private enum Phase {
        case waiting
        /// Told to end before it was started.
        case stillborn
        case running(pid_t)
        /// Its number may by now stand for another process.
        case ended
    }

    /// - Parameter additions: Variables that are set unless the command changes them itself.
    init(_ request: CommandRequest, adding additions: [String: String] = [:]) {
        self.request = request
        self.additions = additions
    }

    /// Runs the command. That blocks this thread.
    ///
    /// - Parameter mergesOutput: Whether standard error is standard output.
    /// - Returns: `nil` if it was told to end before it was started.
    func run(mergesOutput: Bool) -> CommandOutcome? {
        do throws(CommandFailure) {
            guard let limit = request.captureLimit else {
                guard try start() != nil else { return nil }
                return end(output: nil)
            }
            var capture = try OutputCapture(limit: limit)
            let errors = mergesOutput ? capture.writeEnd : nil
            guard let pid = try start(output: capture.writeEnd, errors: errors) else { return nil }
            capture.read(until: pid)
            return end(output: capture.text)
        } catch {
            return .notStarted(error)
        }
    }

    /// Starts the command.
    ///
    /// - Parameters:
    ///   - output: Its standard output; that of this process if `nil`.
    ///   - errors: Its standard error; that of this process if `nil`.
    /// - Returns: Its process, or `nil` if it was told to end before.
    private func start(output: OwnedDescriptor? = nil, errors: OwnedDescriptor? = nil) throws(CommandFailure) -> pid_t?
    {
        // Whoever wants the command to end waits until it is known which process that is.
        let result: Result<pid_t?, CommandFailure> = phase.withLock { phase in
            guard case .waiting = phase else { return .success(nil) }
            let result = request.start(
                output: output?.rawValue ?? -1,
                errors: errors?.rawValue ?? -1,
                adding: additions
            )
            if case .success(let pid) = result { phase = .running(pid) }
            return result.map { $0 }
        }
        return try result.get()
    }

    /// Waits for the end of the started command.
    ///
    /// - Parameter output: What it printed, if that is captured.
    private func end(output: String?) -> CommandOutcome {
        guard case .running(let pid) = phase.withLock({ $0 }) else { return .lost }
        var information = siginfo_t()
        // It stays a zombie, and its number its own, until nobody can send it a signal any more.
        while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) != 0, Errno.current == .interrupted {}
        return phase.withLock { phase in
            phase = .ended
            var status: Int32 = 0
            return waitpid(pid, &status, 0) == pid ? .ended(status: status, output: output) : .lost
        }
    }

    /// Asks the command, and what it started in its process group, to end.
    func terminate() {
        phase.withLock { phase in
            switch phase {
            case .waiting: phase = .stillborn
            case .running(let pid): CommandRequest.end(pid)
            case .stillborn, .ended: break
            }
        }
    }
}
