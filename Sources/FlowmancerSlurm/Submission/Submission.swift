import FlowmancerCore

/// What `sbatch` is told when pilots are asked for.
struct Submission: Hashable {
    /// More pilots are asked for in several job arrays: clusters commonly allow indices below 1001.
    static let largestArray = 1_000

    var script: PilotScript
    /// The name of the job that is run.
    var job: String
    /// A private directory, in which what pilots print goes.
    var directory: String
    /// What is particular to the cluster and the user, in the words of `sbatch`.
    var wishes: [String] = []

    init(_ site: PilotSite, invitation: String, parameters: Slurm) {
        script = PilotScript(
            root: site.root,
            program: site.program,
            arguments: site.arguments,
            invitation: invitation,
            setup: parameters.setup.values
        )
        job = site.job
        directory = site.directory
        wishes = Self.wishes(parameters)
    }

    private static func wishes(_ parameters: Slurm) -> [String] {
        let named: [(String, String?)] = [
            ("partition", parameters.partition?.value),
            ("account", parameters.account?.value),
            ("qos", parameters.qos?.value),
            ("time", parameters.time.map { "\($0.minutes)" }),
            ("cpus-per-task", parameters.cpus.map { "\($0.value)" }),
            ("mem", parameters.memory.map { "\($0.mebibytes)M" }),
            ("gres", parameters.gpus?.option),
        ]
        return named.compactMap { name, value in value.map { "--\(name)=\($0)" } } + parameters.options.values
    }

    /// The words of the command.
    ///
    /// - Parameters:
    ///   - count: How many pilots, at most ``largestArray``. Each is a task of a job array, and a job of one node.
    ///   - token: Becomes the comment of the job, by which it is found if `sbatch` does not say its number.
    func words(count: Int, token: PilotToken) -> [String] {
        [
            "sbatch",
            // A login machine may limit the time of its processes, which a pilot must not inherit.
            "--propagate=NONE",
            // The pilot hears of its end before it is killed. Without `B:`, only what it starts by srun would.
            "--signal=B:TERM@\(Self.warning)",
        ] + wishes + [
            "--parsable",
            "--array=1-\(count)",
            "--nodes=1",
            "--ntasks=1",
            // The engine asks for another pilot itself; a pilot that began anew would have the id of an old one.
            "--no-requeue",
            // All of the few variables that sbatch itself gets: see `SlurmEnvironment`. With NONE, NIL or a list, Slurm runs
            // the login shell of the user on every node, and holds a job for ever if that takes too long.
            "--export=ALL",
            "--job-name=\(jobName)",
            "--comment=\(token)",
            "--chdir=\(script.root)",
            "--output=\(Self.pattern(of: directory))/\(PilotOutput.pattern)",
        ]
    }

    /// How many seconds before its time limit a pilot hears of it. Slurm may be up to a minute early.
    private static let warning = 30

    /// The name by which people find the pilots in the queue.
    var jobName: String {
        let name = job.replacingScalars { scalar in
            switch scalar {
            case "-", "_", ".": nil
            // Separates what squeue prints, stands for something in a pattern, or makes a list hard to read.
            default: scalar.properties.isAlphabetic || scalar.properties.numericType != nil ? nil : "_"
            }
        }
        return "flowmancer-\(String(name.unicodeScalars.prefix(60)))"
    }

    /// A directory in a pattern of file names.
    private static func pattern(of directory: String) -> String {
        directory.replacingScalars { $0 == "%" ? "%%" : nil }
    }

    /// Why pilots cannot be asked for at all; `nil` if nothing is known.
    var obstacle: String? {
        if script.hasZero { return "a path, an argument or an item of 'setup' has a NUL character" }
        // Slurm takes it for a sign that nothing in the pattern is to be replaced.
        if directory.utf8.contains(UInt8(ascii: "\\")) {
            return "Slurm cannot write into a directory with a backslash in its path: '\(directory.printable)'"
        }
        return nil
    }
}
