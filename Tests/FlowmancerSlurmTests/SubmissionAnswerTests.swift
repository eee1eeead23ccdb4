import Testing

@testable import FlowmancerSlurm

/// What `sbatch` of Slurm 22.05 said, and what its source has.
struct SubmissionAnswerTests {
    @Test(arguments: [("17\n", 17), ("18;other\n", 18)])
    func numbersAreRead(output: String, job: Int) {
        #expect(SubmissionAnswer(.success(output)) == .accepted(job))
    }

    @Test func missingNumberIsDoubtful() {
        #expect(SubmissionAnswer(.success("")) == .doubtful(reason: "sbatch printed no number: "))
    }

    /// The controller has accepted a job after this message.
    @Test(arguments: [
        SlurmResult.failure("sbatch: error: Batch job submission failed: Socket timed out on send/recv operation"),
        SlurmResult.failure("sbatch: error: Batch job submission failed: Zero Bytes were transmitted or received"),
        SlurmResult(end: .overdue), SlurmResult(end: .ended(.killed(signal: 9))),
    ])
    func lostAnswersAreDoubtful(result: SlurmResult) {
        guard case .doubtful = SubmissionAnswer(result) else {
            Issue.record("not doubtful: \(SubmissionAnswer(result))")
            return
        }
    }

    @Test(arguments: [
        (
            "sbatch: error: invalid partition specified: nope\n"
                + "sbatch: error: Batch job submission failed: Invalid partition name specified",
            "invalid partition specified: nope; Invalid partition name specified; set 'partition' to one that "
                + "'sinfo --summarize' lists",
            true
        ),
        (
            "sbatch: error: Batch job submission failed: Invalid account or account/partition combination specified",
            "Invalid account or account/partition combination specified; set 'account' to one that you may use in this "
                + "partition; 'sacctmgr show associations user=$USER' lists them",
            true
        ),
        (
            "sbatch: error: Batch job submission failed: Invalid qos specification",
            "Invalid qos specification; set 'qos' to one that you may use; 'sacctmgr show qos' lists them",
            true
        ),
        (
            "sbatch: error: QOSMaxSubmitJobPerUserLimit\nsbatch: error: Batch job submission failed: Job violates "
                + "accounting/QOS policy (job submit limit, user's size and/or time limits)",
            "QOSMaxSubmitJobPerUserLimit; Job violates accounting/QOS policy (job submit limit, user's size and/or time "
                + "limits); there are as many jobs as you may have at a time; lower the maximum of 'nodes' if that lasts",
            false
        ),
        (
            "sbatch: error: Memory specification can not be satisfied\nsbatch: error: Batch job submission failed: "
                + "Requested node configuration is not available",
            "Memory specification can not be satisfied; Requested node configuration is not available; no node has so much; "
                + "lower 'memory'",
            true
        ),
        (
            "sbatch: error: Batch job submission failed: Invalid job array specification",
            "Invalid job array specification; the cluster allows shorter job arrays only (MaxArraySize); lower the maximum "
                + "of 'nodes'",
            true
        ),
        (
            "sbatch: error: Batch job submission failed: Invalid feature specification",
            "Invalid feature specification; change 'options'", true
        ),
        (
            "sbatch: unrecognized option '--foo=1'\nTry \"sbatch --help\" for more information",
            "unrecognized option '--foo=1'; change 'options'", true
        ),
        (
            "sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)",
            "Unable to contact slurm controller (connect failure); the controller of the cluster (slurmctld) does not answer",
            false
        ),
        (
            "sbatch: error: resolve_ctls_from_dns_srv: res_nsearch error: Unknown host\nsbatch: error: fetch_config: DNS SRV "
                + "lookup failed\nsbatch: fatal: Could not establish a configuration source",
            "resolve_ctls_from_dns_srv: res_nsearch error: Unknown host; fetch_config: DNS SRV lookup failed; Could not "
                + "establish a configuration source; this machine is not set up for Slurm; run the engine on a login node, "
                + "or set SLURM_CONF",
            true
        ),
        ("sbatch: error: Something new", "Something new", false),
    ])
    func refusalsSayWhatToChange(message: String, words: String, isLasting: Bool) {
        guard case .refused(let refusal) = SubmissionAnswer(.failure(message)) else {
            Issue.record("not refused")
            return
        }
        #expect(refusal.words == "Slurm accepts no pilots: \(words)")
        #expect(refusal.isLasting == isLasting)
    }

    @Test func silentFailureIsRefused() {
        #expect(SubmissionAnswer(.failure("")) == .refused(SubmissionRefusal("sbatch exited with code 1")))
    }
}
