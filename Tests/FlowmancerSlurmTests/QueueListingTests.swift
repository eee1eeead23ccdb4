import FlowmancerCore
import Testing

@testable import FlowmancerSlurm

/// What `squeue` of Slurm 22.05 printed.
struct QueueListingTests {
    @Test func tasksAreFoundByTheirIDs() {
        let listing = QueueListing(
            """
            1_2|CANCELLED|None|node1|flowmancer 1 c 1|flowmancer-übung
            1_1|RUNNING|None|node1|flowmancer 1 c 1|flowmancer-übung
            7|PENDING|ReqNodeNotAvail, UnavailableNodes:node[1-2]||(null)|a|b

            """
        )
        #expect(listing.entries.count == 3)
        #expect(listing.entry(of: "1_1")?.state == "RUNNING")
        #expect(listing.entry(of: "1_1")?.node == "node1")
        #expect(listing.entry(of: "1_1")?.comment == "flowmancer 1 c 1")
        #expect(listing.entry(of: "1_2")?.state == "CANCELLED")
        #expect(listing.entry(of: "1_3") == nil)
        #expect(listing.entry(of: "2_1") == nil)
        #expect(listing.entry(of: "?") == nil)
        #expect(listing.entries[2].reason == "ReqNodeNotAvail, UnavailableNodes:node[1-2]")
        #expect(listing.entries[2].name == "a|b")
    }

    /// Without `--array`, tasks that wait are on one line.
    @Test func compressedTasksAreFound() {
        let listing = QueueListing(
            "16_2|RUNNING|None|node1|(null)|x\n16_[1,4-6%2]|PENDING|JobHeldUser||(null)|x\n"
        )
        #expect(listing.entry(of: "16_2")?.state == "RUNNING")
        #expect(listing.entry(of: "16_5")?.state == "PENDING")
        #expect(listing.entry(of: "16_3") == nil)
    }

    /// What is left of a job array that was cancelled before it started has no numbers of tasks.
    @Test func restOfAnArrayStandsForItsTasks() {
        let listing = QueueListing("16_2|COMPLETED|None|node1|(null)|x\n16|CANCELLED|JobHeldUser||(null)|x\n")
        #expect(listing.entry(of: "16_2")?.state == "COMPLETED")
        #expect(listing.entry(of: "16_1")?.state == "CANCELLED")
    }

    @Test func otherLinesArePassedOver() {
        #expect(QueueListing("").entries.isEmpty)
        #expect(QueueListing("slurm_load_jobs error: x\nJOBID|STATE\n1_1|RUNNING\n|||||\n").entries.isEmpty)
    }

    @Test func commandIsOneThatAllVersionsHave() {
        #expect(
            QueueListing.words(jobs: [3, 17]) == [
                "squeue", "--noheader", "--array", "--states=all", "--format=%i|%T|%r|%N|%k|%j", "--jobs=3,17",
            ]
        )
        #expect(QueueListing.words(user: 7).last == "--user=7")
    }

    private func state(_ word: String, _ reason: String = "None", node: String = "node1") -> PilotState {
        let id = SlurmJobID(job: 1, tasks: .some([1...1]))
        return PilotState(.init(id: id, state: word, reason: reason, node: node, comment: "", name: ""))
    }

    @Test(arguments: [
        "RUNNING", "SUSPENDED", "STOPPED", "COMPLETING", "STAGE_OUT", "SIGNALING", "RESIZING", "SOMETHING_NEW",
    ])
    func statesOfPilotsThatMayBeThere(word: String) {
        #expect(state(word) == .running)
    }

    @Test(arguments: [
        ("COMPLETED", "None", "COMPLETED on node1: it has ended"),
        ("CANCELLED", "None", "CANCELLED on node1: it was cancelled"),
        ("FAILED", "NonZeroExitCode", "FAILED on node1 (NonZeroExitCode)"),
        ("TIMEOUT", "TimeLimit", "TIMEOUT on node1 (TimeLimit): its time limit has passed ('time')"),
        (
            "OUT_OF_MEMORY", "OutOfMemory",
            "OUT_OF_MEMORY on node1 (OutOfMemory): it needed more memory than it had ('memory')"
        ),
        ("PREEMPTED", "None", "PREEMPTED on node1: it had to give way to other jobs"),
        ("BOOT_FAIL", "None", "BOOT_FAIL on node1: its machine did not start"),
        ("DEADLINE", "DeadLine", "DEADLINE on node1 (DeadLine): it could not end before its deadline"),
        ("REVOKED", "None", "REVOKED on node1: another cluster has taken it"),
        (
            "FAILED", "JobLaunchFailure",
            "FAILED on node1 (JobLaunchFailure): Slurm could not start it; probably the app root is not in a file system that "
                + "its machine shares"
        ),
    ])
    func statesOfPilotsThatAreOver(word: String, reason: String, words: String) {
        #expect(state(word, reason) == .over(reason: words))
    }

    @Test func otherStates() {
        #expect(
            state("NODE_FAIL", "NodeDown")
                == .unreachable(reason: "NODE_FAIL on node1 (NodeDown): its machine does not answer")
        )
        for word in [
            "CONFIGURING", "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "SPECIAL_EXIT", "RESV_DEL_HOLD", "POWER_UP_NODE",
        ] {
            guard case .waiting(let reason) = state(word) else {
                Issue.record("\(word) is not waiting")
                continue
            }
            #expect(reason.hasPrefix(word))
        }
        #expect(
            state("PENDING", "Priority", node: "")
                == .waiting(reason: "Priority: jobs with a higher priority come first")
        )
    }

    @Test(arguments: [
        ("None", "PENDING: Slurm has not looked at it yet", false),
        ("Resources", "Resources: it waits for a free node", false),
        (
            "ReqNodeNotAvail, UnavailableNodes:node1",
            "ReqNodeNotAvail, UnavailableNodes:node1: the nodes that it could have are down, drained or reserved", false
        ),
        (
            "PartitionTimeLimit",
            "PartitionTimeLimit: 'time' exceeds the time limit of the partition; it will not start unless that changes",
            true
        ),
        (
            "QOSMaxCpuPerJobLimit",
            "QOSMaxCpuPerJobLimit: it asks for more than the QOS allows one job or node; it will not start unless that changes",
            true
        ),
        ("QOSMaxJobsPerUserLimit", "QOSMaxJobsPerUserLimit: a limit of the QOS is reached", false),
        ("QOSGrpCPUMinutesLimit", "QOSGrpCPUMinutesLimit: a limit of the QOS is reached", false),
        ("AssocGrpCpuLimit", "AssocGrpCpuLimit: a limit of the account is reached", false),
        (
            "QOSMinGRES", "QOSMinGRES: it asks for less than the QOS demands; it will not start unless that changes",
            true
        ),
        ("SomethingNew", "SomethingNew", false),
    ])
    func reasonsAreExplained(word: String, words: String, isHopeless: Bool) {
        #expect(PendingReason(word).words == words)
        #expect(PendingReason(word).isHopeless == isHopeless)
    }
}
