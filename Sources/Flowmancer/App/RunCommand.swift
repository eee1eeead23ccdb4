import ArgumentParser
import FoundationEssentials
import Glibc

/// The command line of a ``FlowmancerApp``.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: CommandLine.arguments.first?.split(separator: "/").last.map(String.init),
        abstract: "Run the tasks of a job in their order.",
        discussion:
            "The exit code is the number of tasks that failed or did not run (at most 98), 1 for an invalid job, 99 for any other error, 129, 130 or 143 after SIGHUP, SIGINT or SIGTERM."
    )

    @Option(name: [.short, .customLong("jobdef")], help: ArgumentHelp("The job file.", valueName: "file"))
    var jobdef: String?

    @Option(name: .shortAndLong, help: "The format of the job file; by its extension unless given.")
    var type: String?

    @Flag(name: .shortAndLong, help: "Continue the last run: run what did not complete.")
    var restart = false

    @Flag(help: "With --restart, run completed tasks again if their definition changed.")
    var rerunChanged = false

    @Flag(help: "Remove the stored checkpoint, also a damaged one, and start from the beginning.")
    var discardCheckpoint = false

    @Option(help: ArgumentHelp("Leave a task out; it counts as completed. May be repeated.", valueName: "task"))
    var skip: [String] = []

    @Option(help: ArgumentHelp("Run only this task and what it depends on.", valueName: "task"))
    var runTo: String?

    @Option(help: ArgumentHelp("Run only this task and what depends on it.", valueName: "task"))
    var runFrom: String?

    @Option(
        parsing: .unconditional,
        help: "How many tasks may run at once; 0 or less for no limit. Overrides the job file."
    )
    var maxConcurrency: Int?

    @Option(name: .customLong("var"), help: ArgumentHelp("Set $VAR{key}. May be repeated.", valueName: "key=value"))
    var variables: [String] = []

    @Option(help: "Where relative paths of the job start from; else $FLOWMANCER_APP_ROOT, else the working directory.")
    var appRoot: String?

    @Flag(help: "Take warnings about the job file for errors.")
    var strict = false

    @Flag(name: .shortAndLong, help: "Let tasks log messages of level debug, too.")
    var debug = false

    func validate() throws {
        if rerunChanged && !restart {
            throw ValidationError(
                "--rerun-changed needs --restart (-r): without it, every task runs again in any case. Add -r."
            )
        }
        for variable in variables where variable.firstIndex(of: "=") == nil || variable.hasPrefix("=") {
            throw ValidationError("--var expects key=value, found '\(variable)'.")
        }
    }

    /// The directory at which relative paths start, as it was given or by default.
    var givenAppRoot: String { appRoot ?? ProcessInfo.processInfo.environment["FLOWMANCER_APP_ROOT"] ?? "." }

    /// Its absolute path; `nil`, with `errno`, if it does not exist.
    var resolvedAppRoot: String? {
        guard let absolute = realpath(givenAppRoot, nil) else { return nil }
        defer { free(absolute) }
        return String(cString: absolute)
    }

    /// The variables by name; the last of several values holds.
    var variableValues: [String: String] {
        var values: [String: String] = [:]
        for variable in variables {
            guard let sign = variable.firstIndex(of: "=") else { continue }
            values[String(variable[..<sign])] = String(variable[variable.index(after: sign)...])
        }
        return values
    }
}
