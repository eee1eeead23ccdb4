import CFlowmancerSpawn
import FlowmancerCore
import FlowmancerSystem
import Glibc
import Synchronization
import SystemPackage

/// A command in a process of its own: started once, waited for, and ended by a signal to its whole process group.
final class Command: Sendable {
    private let phase = Mutex(Phase.waiting)

    private enum Phase {
        case waiting
        /// Told to end before it was started.
        case stillborn
        case running(pid_t)
        /// Its number may by now stand for another process.
        case ended
    }

    /// Starts the program.
    ///
    /// - Parameters:
    ///   - program: What is executed.
    ///   - arguments: The arguments, the program's name first.
    ///   - environment: The environment; that of this process if `nil`.
    ///   - directory: Where it starts; the directory of this process if `nil`.
    ///   - input: Its standard input; `/dev/null` if `nil`.
    ///   - output: Its standard output; that of this process if `nil`.
    ///   - errors: Its standard error; that of this process if `nil`.
    /// - Returns: Its process, or `nil` if it was told to end before.
    func start(
        _ program: Program,
        _ arguments: [String],
        environment: CommandEnvironment?,
        directory: String?,
        input: OwnedDescriptor?,
        output: OwnedDescriptor?,
        errors: OwnedDescriptor?
    ) throws(Errno) -> pid_t? {
        let ownArguments = CStrings(arguments)
        defer { ownArguments.free() }
        var pid: pid_t = 0
        // Whoever wants the command to end waits until it is known which process that is.
        let failure: Int32 = phase.withLock { phase in
            guard case .waiting = phase else { return 0 }
            func start(_ environment: UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Int32 {
                program.path.withSystemText { path in
                    Self.withOptionalText(directory) { directory in
                        var command = flowmancer_command(
                            path: path,
                            arguments: ownArguments.pointers,
                            environment: environment,
                            directory: directory,
                            input: input?.rawValue ?? -1,
                            output: output?.rawValue ?? -1,
                            errors: errors?.rawValue ?? -1
                        )
                        return flowmancer_command_start(&command, &pid)
                    }
                }
            }
            let result = environment?.withPointers { start($0) } ?? start(environ)
            if result == 0 { phase = .running(pid) }
            return result
        }
        guard failure == 0 else { throw Errno(rawValue: failure) }
        return pid == 0 ? nil : pid
    }

    /// Waits for the end of the started command.
    ///
    /// - Returns: `nil` if somebody else in this process has waited for it.
    func wait() -> ProcessEnd? {
        guard case .running(let pid) = phase.withLock({ $0 }) else { return nil }
        var information = siginfo_t()
        // It stays a zombie, and its number its own, until nobody can send it a signal any more.
        while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) != 0, Errno.current == .interrupted {}
        return phase.withLock { phase in
            phase = .ended
            var status: Int32 = 0
            return waitpid(pid, &status, 0) == pid ? ProcessEnd(waitStatus: status) : nil
        }
    }

    /// Asks the command, and what it started in its process group, to end.
    func terminate() {
        phase.withLock { phase in
            switch phase {
            case .waiting: phase = .stillborn
            case .running(let pid):
                kill(-pid, SIGTERM)
                // What is stopped would hear of it only when it goes on.
                kill(-pid, SIGCONT)
            case .stillborn, .ended: break
            }
        }
    }

    private static func withOptionalText<Result>(
        _ text: String?,
        _ body: (UnsafePointer<CChar>?) -> Result
    ) -> Result {
        text.map { $0.withSystemText { body($0) } } ?? body(nil)
    }

    /// Texts as system calls take them: copies that end with a null pointer, for the length of a call.
    private struct CStrings {
        let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
        private let count: Int

        init(_ texts: [String]) {
            count = texts.count
            pointers = .allocate(capacity: count + 1)
            for (index, text) in texts.enumerated() { (pointers + index).initialize(to: text.withSystemText(strdup)) }
            (pointers + count).initialize(to: nil)
        }

        func free() {
            for index in 0..<count { Glibc.free(pointers[index]) }
            pointers.deallocate()
        }
    }
}
