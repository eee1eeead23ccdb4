public import FlowmancerCore
import FlowmancerSystem
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
///   publish:
///     task: Shell
///     parameters:
///       shell: /bin/bash -euo pipefail
///       command: |
///         make report | tee report.log
///         scp report.html example.org:/srv/
/// ```
/// A text is run by `/bin/sh`, or directly if it is a single program with plain arguments, which means the same. A list of
/// words is run as it is, without a shell. Everything the command prints is sent to the job's loggers. The task fails if the
/// command exits with a code other than 0 or is killed by a signal. When the task is cancelled, the command's process group
/// gets `SIGTERM`.
///
/// A shell continues after a line that failed, and the exit code of a pipeline is that of its last command. Set `shell` to
/// `/bin/bash -euo pipefail` to fail instead.
public struct Shell: FlowTask {
    public static let abstract = "Runs a command."

    @Parameter("The command: text for a shell, or a list of words that no shell reads.")
    var command: ShellCommand

    @Parameter("Variables to add to the environment; a variable without a value is removed.")
    var env = EnvironmentChanges()

    @Parameter("The directory in which the command starts, relative to the app root; by default the app root.")
    var cwd: CommandDirectory?

    @Parameter("The text that the command reads from standard input; by default nothing.")
    var stdin: String?

    @Parameter(
        "The shell that runs a text command, with arguments, such as /bin/bash -euo pipefail; by default /bin/sh."
    )
    var shell: ShellProgram?

    @Parameter("The exit codes that count as success. A signal counts as 128 and its number; 127: not found.")
    var successCodes = SuccessCodes(values: [0])

    @Parameter("The key of the shared dictionary in which to store what the command prints to standard output.")
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
        if let capture { try await sharedDict.set(capture, to: output) }
    }

    /// - Returns: What the command printed, if that is captured; otherwise an empty text.
    private func execute(_ process: Command) throws -> String {
        let context = FlowContext.current
        let setting = try ShellSetting(env, cwd, in: context)
        let invocation = ShellInvocation(command, shell: shell)
        do {
            guard capture != nil else {
                _ = try start(process, invocation, in: setting)
                try check(process.wait(), of: invocation)
                return ""
            }
            var output = try OutputCapture()
            let pid = try start(
                process,
                invocation,
                in: setting,
                output: output.writeEnd,
                errors: context.mergesOutput ? output.writeEnd : nil
            )
            output.read(until: pid)
            try check(process.wait(), of: invocation)
            guard let text = output.text else { throw ShellError.tooMuchOutput(command, limit: OutputCapture.limit) }
            return text
        } catch let error as ShellError {
            guard let code = error.exitCode, successCodes.values.contains(code) else { throw error }
            logger.warning("\(error)")
            return ""
        }
    }

    private func start(
        _ process: Command,
        _ invocation: ShellInvocation,
        in setting: ShellSetting,
        output: OwnedDescriptor? = nil,
        errors: OwnedDescriptor? = nil
    ) throws -> pid_t {
        let directory = setting.directory
        let program = try Program(named: invocation.words[0], searchPath: env.value(of: "PATH"), directory: directory)
        do {
            let pid = try process.start(
                program,
                invocation.words,
                environment: setting.environment,
                directory: directory,
                input: try input(),
                output: output,
                errors: errors
            )
            guard let pid else { throw CancellationError() }
            return pid
        } catch let reason as Errno {
            // A script without a first line that says what runs it: shells run it themselves.
            if reason == .execFormatError, let throughShell = invocation.throughShell {
                return try start(process, throughShell, in: setting, output: output, errors: errors)
            }
            throw program.explain(reason, directory: directory)
        }
    }

    /// What the command reads from; `nil` for nothing.
    private func input() throws(ShellError) -> OwnedDescriptor? {
        guard let stdin else { return nil }
        do throws(Errno) { return try OwnedDescriptor(reading: stdin) } catch { throw .noStream(error) }
    }

    private func check(_ end: ProcessEnd?, of invocation: ShellInvocation) throws {
        try Task.checkCancellation()
        guard let end else { throw ShellError.lost(command) }
        guard !successCodes.values.contains(end.exitCode) else { return }
        throw ShellError.ended(end, command, usedShell: invocation.usesShell, successCodes: successCodes.values)
    }
}
