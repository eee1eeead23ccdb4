import FlowmancerCore

/// What the jobs of one request have in common in Slurm's records, and no other job has.
///
/// `sbatch` may be killed, or get no answer, when Slurm has accepted a job already. By its token it is found all the same.
struct PilotToken: Hashable, LosslessStringConvertible {
    /// The id of the run.
    var run: String
    /// Counts the requests of the run and executor.
    var number: Int
    /// The name of the executor, as far as it is plain.
    var executor: String

    init(run: RunID, executor: String, number: Int) {
        self.run = run.description
        self.number = number
        self.executor = executor.replacingScalars { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "-", ".": nil
            default: "_"
            }
        }
    }

    init?(_ text: String) {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "flowmancer", let number = Int(parts[3]) else { return nil }
        (run, executor, self.number) = (String(parts[1]), String(parts[2]), number)
    }

    var description: String { "flowmancer \(run) \(executor) \(number)" }
}
