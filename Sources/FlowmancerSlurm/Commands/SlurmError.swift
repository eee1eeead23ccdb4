import FlowmancerCore
import SystemPackage

/// Why Slurm cannot be asked now. The same may succeed later.
struct SlurmError: PlainError, Hashable {
    let description: String

    init(_ description: String) {
        self.description = description
    }

    /// A program cannot be started.
    init(_ program: String, _ failure: CommandFailure) {
        let reason =
            failure.problem == .notFound
            ? "it was not found in PATH (\(failure.detail.printable)); run the engine where Slurm is installed"
            : "\(Errno(rawValue: failure.reason))"
        self.init("'\(program)' cannot be started: \(reason)")
    }

    /// A program failed.
    init(_ program: String, _ result: SlurmResult) {
        let message = SlurmMessage.plain(result.errors)
        self.init("'\(program)' \(result.reason)" + (message.isEmpty ? "" : ": \(message)"))
    }
}
