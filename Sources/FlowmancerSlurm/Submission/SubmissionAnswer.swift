import FlowmancerCore

/// What came of a call of `sbatch`.
enum SubmissionAnswer: Hashable {
    /// The number of the job array.
    case accepted(Int)
    case refused(SubmissionRefusal)
    /// Slurm may have accepted pilots without saying so.
    case doubtful(reason: String)

    init(_ result: SlurmResult) {
        let message = result.errors.isEmpty ? "sbatch \(result.reason)" : result.errors
        if result.succeeded {
            // `17`, or `17;cluster`.
            let number = result.output.split { $0 == ";" || $0.isWhitespace }.first.flatMap { Int($0) }
            self =
                number.map(Self.accepted) ?? .doubtful(reason: "sbatch printed no number: \(result.output.printable)")
        } else if result.wasKilled || Self.lostAnswer.contains(where: message.contains) {
            self = .doubtful(reason: SlurmMessage.plain(message))
        } else {
            self = .refused(SubmissionRefusal(message))
        }
    }

    /// What `sbatch` says when it got no answer to what it had sent.
    private static let lostAnswer = [
        "timed out", "Zero Bytes were transmitted", "Unexpected message", "Communication connection failure",
        "Insane message", "Message receive failure", "Connection reset",
    ]
}
