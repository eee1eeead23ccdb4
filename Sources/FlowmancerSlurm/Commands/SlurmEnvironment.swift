/// The environment of Slurm's programs, and of pilots.
///
/// `sbatch` passes its environment on, and Slurm stores it. So it only gets what says who and where the user is, how Slurm is
/// reached, and how programs are found. What else the engine has may be secret, and stays here. Variables of a job that the
/// engine itself is part of would be taken for those of a pilot, and those with standing options for `squeue` and `scancel`
/// would make these look at other jobs.
enum SlurmEnvironment {
    /// Returns what to change about an environment: a variable for each that is to be removed.
    static func changes(from environment: some Sequence<String>) -> [String: String?] {
        var changes: [String: String?] = [:]
        for name in environment where !isKept(name) { changes.updateValue(nil, forKey: name) }
        return changes
    }

    static func isKept(_ name: String) -> Bool {
        names.contains(name) || prefixes.contains { name.hasPrefix($0) }
    }

    private static let names: Set = [
        "HOME", "LANG", "LANGUAGE", "LD_LIBRARY_PATH", "LOGNAME", "PATH", "SHELL", "SWIFT_BACKTRACE", "TZ", "USER",
        // How Slurm is reached, and what proves to it who this is.
        "SLURM_CONF", "SLURM_JWT", "KRB5CCNAME",
        // Where users have standing wishes.
        "SBATCH_ACCOUNT", "SBATCH_CONSTRAINT", "SBATCH_PARTITION", "SBATCH_QOS", "SBATCH_RESERVATION",
        "SBATCH_TIMELIMIT", "SBATCH_WCKEY",
        // What makes `module` a command of bash.
        "BASH_ENV", "BASH_FUNC_ml%%", "BASH_FUNC_module%%", "MODULEPATH", "MODULESHOME", "MODULES_CMD",
    ]
    private static let prefixes = ["LC_", "LMOD_"]
}
