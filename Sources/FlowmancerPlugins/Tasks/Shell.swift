public import FlowmancerCore
import Glibc
import SystemPackage

/// Runs a command.
///
/// ```yaml
/// tasks:
///   compress:
///     task: Shell
///     parameters:
///       command: gzip -k data.csv
///   count:
///     task: Shell
///     parameters:
///       command: ls -1 | wc -l
///       cwd: ./data
///       env: {LC_ALL: C}
///       capture: file_count
/// ```
/// Text is run by a shell, or without one where a shell would do nothing but start a single program; a list of words is
/// run as it is. What the command prints goes to the loggers of the job. The task fails if the command exits with a code
/// other than 0 or ends by a signal. When the task is cancelled, the command's process group gets `SIGTERM`.
public struct Shell: FlowTask {
    public static let abstract = "Runs a command."

    @Parameter("The command: text as for a shell, or a list of words that no shell looks at.")
    var command: ShellCommand

    @Parameter("Variables that are added to the environment; nothing as the value removes one.")
    var env = EnvironmentChanges()

    @Parameter("The directory that the command starts in; the app root unless given.")
    var cwd: String?

    @Parameter("The text that the command reads from its standard input; nothing unless given.")
    var stdin: String?

    @Parameter("The shell that always runs the command if it is text; /bin/sh, if needed, unless given.")
    var shell: String?

    @Parameter("The exit codes that count as success.")
    var successCodes: [UInt8] = [0]

    @Parameter("The key of the shared dictionary that gets what the command prints to its standard output.")
    var capture: String?

    /// Creates a task with default parameters.
    public init() {}

    /// Runs the command and waits for its end.
    public func run() async throws {
        let command = Command()
        // Waiting blocks this thread, on purpose: a worker has one attempt at a time, and another thread that listens.
        let output = try await withTaskCancellationHandler {
            try execute(command)
        } onCancel: {
            command.terminate()
        }
        if let capture, let output { try await sharedDict.set(capture, to: output) }
    }

    /// - Returns: What the command printed, if that is wanted.
    private func execute(_ process: Command) throws -> String? {
        if let cwd, !Program.isDirectory(cwd) { throw ShellError.missingDirectory(cwd) }
        let invocation = ShellInvocation(command, shell: shell)
        guard capture != nil else {
            _ = try start(process, invocation, output: nil)
            try check(process.wait(), of: invocation)
            return nil
        }
        var output = try OutputCapture()
        let pid = try start(process, invocation, output: output.writeEnd)
        output.read(until: pid)
        try check(process.wait(), of: invocation)
        guard let text = output.text else { throw ShellError.tooMuchOutput(command, limit: OutputCapture.limit) }
        return text
    }

    private func start(_ process: Command, _ invocation: ShellInvocation, output: OwnedDescriptor?) throws -> pid_t {
        let program = try Program(named: invocation.words[0], searchPath: env.value(of: "PATH"), directory: cwd)
        do {
            let pid = try process.start(
                program,
                invocation.words,
                environment: env.values.isEmpty ? nil : env.applied(),
                directory: cwd,
                input: try stdin.map(OwnedDescriptor.init(reading:)),
                output: output
            )
            guard let pid else { throw CancellationError() }
            return pid
        } catch let reason as Errno {
            // A script without a first line that says what runs it: shells run it themselves.
            if reason == .execFormatError, let throughShell = invocation.throughShell {
                return try start(process, throughShell, output: output)
            }
            throw program.explain(reason, directory: cwd)
        }
    }

    private func check(_ end: CommandEnd?, of invocation: ShellInvocation) throws {
        try Task.checkCancellation()
        guard let end else { throw ShellError.lost(command) }
        if case .exited(let code) = end, successCodes.contains(code) { return }
        throw ShellError.ended(end, command, usedShell: invocation.usesShell, successCodes: successCodes)
    }
}
