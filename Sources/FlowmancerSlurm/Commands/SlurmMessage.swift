import FlowmancerCore

/// What Slurm's programs print to their standard error.
enum SlurmMessage {
    /// The text of the lines, without the program's name and without what only repeats that it failed.
    static func plain(_ text: String) -> String {
        let lines = text.split(whereSeparator: \.isNewline).map { line in
            var line = Substring(String(line).printableLines)
            for prefix in ["sbatch: ", "squeue: ", "scancel: ", "error: ", "fatal: ", "Batch job submission failed: "]
            where line.hasPrefix(prefix) {
                line = line.dropFirst(prefix.count)
            }
            return String(line)
        }
        let told = lines.filter { !$0.hasPrefix("Try \"") }
        return (told.isEmpty ? lines : told).joined(separator: "; ")
    }
}
