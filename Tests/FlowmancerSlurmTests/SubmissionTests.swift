import FlowmancerCore
import Testing

@testable import FlowmancerSlurm

struct SubmissionTests {
    private func submission(_ parameters: [String: ParameterValue] = [:], job: String = "nightly") -> Submission {
        var issues: [JobIssue] = []
        let slurm = Slurm(parameters, issues: &issues)
        #expect(issues.isEmpty)
        return Submission(.sample(in: "/shared/100% mine", job: job), invitation: "/i", parameters: slurm)
    }

    private let token = PilotToken(run: RunID(high: 1, low: 2), executor: "big cluster", number: 3)

    @Test func standardWords() {
        #expect(
            submission().words(count: 7, token: token) == [
                "sbatch", "--propagate=NONE", "--signal=B:TERM@30", "--parsable", "--array=1-7", "--nodes=1",
                "--ntasks=1",
                "--no-requeue", "--export=ALL", "--job-name=flowmancer-nightly",
                "--comment=flowmancer 00000000-0000-0001-0000-000000000002 big_cluster 3", "--chdir=/shared/100% mine",
                "--output=/shared/100%% mine/pilot-%A_%a.log",
            ]
        )
    }

    @Test func wishesComeBeforeWhatIsDecidedHere() {
        let words = submission([
            "partition": "main", "account": "lab", "qos": "normal", "time": "90s 1h", "cpus": 16, "memory": "1.5G",
            "gpus": "a100:2",
            "options": ["--constraint=ib", "-Cx"],
        ]).words(count: 1, token: token)
        #expect(
            words[3..<13] == [
                "--partition=main", "--account=lab", "--qos=normal", "--time=62", "--cpus-per-task=16", "--mem=1536M",
                "--gres=gpu:a100:2", "--constraint=ib", "-Cx", "--parsable",
            ]
        )
    }

    @Test(arguments: [
        ("nightly", "flowmancer-nightly"), ("Übung 1/2", "flowmancer-Übung_1_2"),
        ("a|b\n%j'\"$x", "flowmancer-a_b__j___x"),
        ("", "flowmancer-"), (String(repeating: "x", count: 200), "flowmancer-" + String(repeating: "x", count: 60)),
    ])
    func jobNamesArePlain(job: String, name: String) {
        #expect(submission(job: job).jobName == name)
    }

    @Test func tokensAreReadBack() {
        #expect(PilotToken("\(token)") == token)
        #expect(PilotToken("flowmancer 1 2") == nil)
        #expect(PilotToken("somebody 1 2 3") == nil)
        #expect(PilotToken("flowmancer 1 2 x") == nil)
    }

    @Test func obstacles() {
        #expect(submission().obstacle == nil)
        var other = submission()
        other.directory = "/a\\b"
        #expect(other.obstacle?.contains("backslash") == true)
        other = submission()
        other.script.arguments = ["\0"]
        #expect(other.obstacle?.contains("NUL") == true)
    }
}
