import ArgumentParser
import FoundationEssentials
import Glibc

/// How job files are read.
struct LoadingOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: "The format of the job file; by its extension unless given.",
        completion: .list(["yaml", "json"])
    )
    var type: String?

    @Option(name: .customLong("var"), help: ArgumentHelp("Set $VAR{key}. May be repeated.", valueName: "key=value"))
    var variables: [String] = []

    @Option(
        help: ArgumentHelp(
            "Where relative paths of the job start from; else $FLOWMANCER_APP_ROOT, else the working directory.",
            valueName: "dir"
        ),
        completion: .directory
    )
    var appRoot: String?

    func validate() throws {
        for variable in variables where variable.firstIndex(of: "=") == nil || variable.hasPrefix("=") {
            throw ValidationError("--var expects key=value, found '\(variable)'.")
        }
    }

    /// The directory at which relative paths start, if it was named.
    var namedAppRoot: String? { appRoot ?? ProcessInfo.processInfo.environment["FLOWMANCER_APP_ROOT"] }

    /// The directory at which relative paths start, as it was named or by default.
    var givenAppRoot: String { namedAppRoot ?? "." }

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

/// Which job a command is about.
struct JobFileOptions: ParsableArguments {
    @Option(
        name: [.short, .customLong("jobdef")],
        help: ArgumentHelp("The job file.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml", "json"])
    )
    var jobdef: String?

    @OptionGroup var loading: LoadingOptions
}

/// Which tasks of a job run.
struct SelectionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Leave a task out; it counts as completed. May be repeated.", valueName: "task"))
    var skip: [String] = []

    @Option(help: ArgumentHelp("Run only this task and what it depends on.", valueName: "task"))
    var runTo: String?

    @Option(help: ArgumentHelp("Run only this task and what depends on it.", valueName: "task"))
    var runFrom: String?

    @Flag(name: .shortAndLong, help: "Continue the last run: run what did not complete.")
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
        return selection
    }
}

/// How strictly a job is checked.
struct StrictnessOptions: ParsableArguments {
    @Flag(help: "Take warnings about the job file for errors.")
    var strict = false
}
