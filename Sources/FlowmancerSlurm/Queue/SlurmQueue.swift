import FlowmancerCore
import Glibc

/// Slurm's queue of jobs, by means of its programs.
struct SlurmQueue: Sendable {
    var commands: any SlurmCommands = InstalledSlurmCommands()

    /// Asks for the pilots of one job array.
    func submit(_ submission: Submission, count: Int, token: PilotToken) async throws(SlurmError) -> SubmissionAnswer {
        let words = submission.words(count: count, token: token)
        return SubmissionAnswer(try await commands.result(of: words, input: submission.script.text))
    }

    /// Returns what Slurm knows of pilots.
    func listing(of pilots: [String]) async throws(SlurmError) -> QueueListing {
        let jobs = Set(pilots.compactMap { SlurmJobID($0)?.job }).sorted()
        guard !jobs.isEmpty else { return QueueListing("") }
        return try await listing(QueueListing.words(jobs: jobs))
    }

    /// Returns all jobs of this user.
    func ownListing() async throws(SlurmError) -> QueueListing {
        try await listing(QueueListing.words(user: geteuid()))
    }

    private func listing(_ words: [String]) async throws(SlurmError) -> QueueListing {
        let result = try await commands.result(of: words, input: nil)
        // So it says it if it knows none of the jobs.
        if !result.succeeded, !result.errors.contains(Self.unknownJob) { throw SlurmError(words[0], result) }
        return QueueListing(result.output)
    }

    /// Ends pilots. One that is over or not known is passed over.
    func cancel(_ pilots: [String]) async throws(SlurmError) {
        try await cancel(words: SlurmJobID.words(for: pilots))
    }

    /// Ends jobs, with all tasks if they are job arrays.
    func cancelJobs(_ jobs: [Int]) async throws(SlurmError) {
        try await cancel(words: Set(jobs).sorted().map { "\($0)" })
    }

    private func cancel(words: [String]) async throws(SlurmError) {
        guard !words.isEmpty else { return }
        // Also a pilot that ignores the first signal ends: Slurm kills it some seconds later.
        let result = try await commands.result(of: ["scancel", "--quiet"] + words, input: nil)
        guard !result.succeeded else { return }
        let problems = result.errors.split(whereSeparator: \.isNewline).filter { line in
            !line.contains(Self.unknownJob) && !line.contains("already completing or completed")
        }
        if !problems.isEmpty || result.errors.isEmpty { throw SlurmError("scancel", result) }
    }

    private static let unknownJob = "Invalid job id specified"
}
