public import FlowmancerCore
import FlowmancerSystem
package import OrderedCollections

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
///   list:
///     task: Shell
///     parameters:
///       command: ./list-regions --json > "$FLOWMANCER_OUTPUT"
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
/// A command can publish values: it writes a JSON object, or lines `name=value`, into the file `$FLOWMANCER_OUTPUT`. A line
/// `name+=value` adds to a list. The values count if the command succeeds. If they cannot be read, the attempt fails.
///
/// A value that is known in the run only, such as `$OUT{list.name}`, never becomes part of a command's text: it is put into a
/// variable of the environment, and a reference to that stands in its place, in quotes where it needs them. Between single
/// quotes, a shell does not replace it. In a list of words, it is a part of a word.
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

    /// Runs the command below this process and waits for its end. In a job, a worker for commands runs it instead.
    public func run() async throws {
        let context = FlowContext.current
        let outputs = try context.publish.map { _ in try OutputFile() }
        let dependencies = try dependenciesFile()
        // It is kept as long as the command runs.
        defer { withExtendedLifetime(dependencies) {} }
        var additions = outputs?.environment ?? [:]
        additions[EndedDependency.environmentVariable] = dependencies?.path
        additions.merge(ResourceUnits.environment(metadata.resources)) { _, units in units }
        let process = CommandProcess(request, adding: additions)
        let mergesOutput = context.mergesOutput
        // Waiting blocks this thread, on purpose: whoever cancels the task does that on another one.
        let outcome = await withTaskCancellationHandler {
            process.run(mergesOutput: mergesOutput)
        } onCancel: {
            process.terminate()
        }
        guard let outcome, !Task.isCancelled else { throw CancellationError() }
        let success = try judge(outcome)
        if let warning = success.warning { logger.warning("\(warning)") }
        if let shared = success.shared { try await sharedDict.set(shared.key, to: shared.text) }
        if let published = try outputs?.read(), !published.isEmpty { try context.publish?(published) }
    }

    /// What the command can read about the tasks that it depends on, if it reacts to their ends.
    private func dependenciesFile() throws -> MemoryFile? {
        let dependencies = metadata.dependencies
        return dependencies.isEmpty ? nil : try MemoryFile("dependencies", EndedDependency.json(dependencies))
    }
}

extension Shell: ReuseCheckingTask {
    package static func obstacleToReuse(
        in parameters: OrderedDictionary<String, ParameterValue>
    ) -> (key: String, reason: String)? {
        guard let value = parameters["capture"], value != .null else { return nil }
        return (
            "capture",
            "a task with 'reuse' cannot store in the shared dictionary, which would stay empty when it is up to date; "
                + "let the command write name=value to \"$FLOWMANCER_OUTPUT\", and use $OUT{task.name} instead"
        )
    }
}

extension Shell: CommandTask {
    /// The most bytes that are captured.
    private static let captureLimit = 1 << 20

    package var request: CommandRequest {
        let invocation = ShellInvocation(command, shell: shell)
        var request = CommandRequest(words: invocation.words)
        request.shellWords = invocation.throughShell?.words ?? []
        request.environment = env.values
        if case .script(let script) = command {
            for variable in script.variables { request.environment[variable.name] = variable.value }
        }
        request.directory = cwd?.path
        request.input = stdin
        request.captureLimit = capture.map { _ in Self.captureLimit }
        return request
    }

    package func judge(_ outcome: CommandOutcome) throws -> CommandSuccess {
        switch outcome {
        case .notStarted(let failure):
            let error = ShellError.notStarted(failure)
            guard let code = error.exitCode, successCodes.values.contains(code) else { throw error }
            return success(printed: "", warning: "\(error)")
        case .ended(let status, let output):
            let end = ProcessEnd(waitStatus: status)
            guard successCodes.values.contains(end.exitCode) else {
                let usedShell = ShellInvocation(command, shell: shell).usesShell
                throw ShellError.ended(end, command, usedShell: usedShell, successCodes: successCodes.values)
            }
            guard capture == nil || output != nil else {
                throw ShellError.tooMuchOutput(command, limit: Self.captureLimit)
            }
            return success(printed: output ?? "")
        case .lost:
            throw ShellError.lost(command)
        }
    }

    private func success(printed text: String, warning: String? = nil) -> CommandSuccess {
        CommandSuccess(warning: warning, shared: capture.map { .init(key: $0, text: text) })
    }
}
