import ArgumentParser
import FlowmancerSystem

/// How job files are read.
package struct LoadingOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: "The format of the job file; by default, its extension decides.",
        completion: .list(["yaml", "json"])
    )
    var type: String?

    @Option(name: .customLong("var"), help: ArgumentHelp("Set $VAR{key}. May be repeated.", valueName: "key=value"))
    var variables: [String] = []

    @Option(
        help: ArgumentHelp(
            "The directory that relative paths in the job start from (default: $FLOWMANCER_APP_ROOT, or the working directory)",
            valueName: "dir"
        ),
        completion: .directory
    )
    var appRoot: String?

    package init() {}

    package func validate() throws {
        for variable in variables where (Self.sign(in: variable) ?? variable.startIndex) == variable.startIndex {
            throw ValidationError("--var expects key=value, found '\(variable)'.")
        }
    }

    /// The directory at which relative paths start, if it was named.
    var namedAppRoot: String? { appRoot ?? ProcessContext.variable("FLOWMANCER_APP_ROOT") }

    /// The directory at which relative paths start, as it was named or by default.
    package var givenAppRoot: String { namedAppRoot ?? "." }

    /// Its absolute path; `nil`, with `errno`, if it does not exist.
    package var resolvedAppRoot: String? { FileSystem.canonicalPath(givenAppRoot) }

    /// The variables by name; the last of several values holds.
    var variableValues: [String: String] {
        var values: [String: String] = [:]
        for variable in variables {
            guard let sign = Self.sign(in: variable) else { continue }
            values[String(variable[..<sign])] = String(variable[variable.utf8.index(after: sign)...])
        }
        return values
    }

    /// The place of the sign between key and value: the byte, since a value may begin with a combining character.
    private static func sign(in variable: String) -> String.Index? {
        variable.utf8.firstIndex(of: UInt8(ascii: "="))
    }
}

/// Which tasks of a job run.
struct SelectionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Skip a task; it counts as completed. May be repeated.", valueName: "task"),
        completion: JobCompletion.tasks
    )
    var skip: [String] = []

    @Option(
        help: ArgumentHelp("Run only this task and the tasks it depends on.", valueName: "task"),
        completion: JobCompletion.tasks
    )
    var runTo: String?

    @Option(
        help: ArgumentHelp("Run only this task and the tasks that depend on it.", valueName: "task"),
        completion: JobCompletion.tasks
    )
    var runFrom: String?

    @Option(
        help: ArgumentHelp("Run a task even if it is up to date. May be repeated.", valueName: "task"),
        completion: JobCompletion.tasks
    )
    var force: [String] = []

    @Flag(name: .shortAndLong, help: "Continue the last run: run the tasks that did not complete.")
    var restart = false

    @Flag(help: "With --restart, run completed tasks again if their definition changed.")
    var rerunChanged = false

    @Flag(help: "With --restart, also continue from a checkpoint that belongs to another job file of the same name.")
    var adoptCheckpoint = false

    func validate() throws {
        if adoptCheckpoint && !restart {
            throw ValidationError(
                "--adopt-checkpoint needs --restart (-r): without it, the run starts from the beginning. Add -r."
            )
        }
        if rerunChanged && !restart {
            throw ValidationError(
                "--rerun-changed needs --restart (-r): without it, every task runs again in any case. Add -r."
            )
        }
    }

    var selection: JobSelection {
        var selection = JobSelection()
        selection.skip = skip
        selection.runTo = runTo
        selection.runFrom = runFrom
        selection.force = force
        return selection
    }
}

/// How strictly a job is checked.
struct StrictnessOptions: ParsableArguments {
    @Flag(help: "Treat warnings about the job file as errors.")
    var strict = false
}
