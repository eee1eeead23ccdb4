import FlowmancerCore
import Testing

@testable import FlowmancerSlurm

struct SlurmParameterTests {
    private func issues(_ key: String, _ value: ParameterValue) -> [String] {
        var issues: [JobIssue] = []
        _ = Slurm([key: value], issues: &issues)
        return issues.map(\.description)
    }

    private func slurm(_ parameters: [String: ParameterValue]) -> Slurm {
        var issues: [JobIssue] = []
        let slurm = Slurm(parameters, issues: &issues)
        #expect(issues.isEmpty)
        return slurm
    }

    @Test func defaults() {
        #expect(Slurm().scale == PilotScale(minimum: 0, maximum: 1, idle: .seconds(300), lease: .seconds(30)))
        #expect(Slurm().capacity == NodeCapacity(processors: 1))
    }

    @Test func allParameters() {
        let slurm = slurm([
            "nodes": "1-10", "time": "2h", "idle": "5m", "partition": "main", "account": "lab", "qos": "normal",
            "cpus": 16,
            "memory": "64G", "gpus": 2, "options": ["--constraint=ib"], "setup": ["module load cuda"],
            "listen": "login1:7000",
            "lease": "10s",
        ])
        #expect(slurm.scale == PilotScale(minimum: 1, maximum: 10, idle: .seconds(300), lease: .seconds(10)))
        #expect(slurm.capacity == NodeCapacity(processors: 16, memory: 64 << 30, graphicsProcessors: ["0", "1"]))
    }

    @Test(
        arguments: [
            (.int(3), 0, 3), (.string("3"), 0, 3), (.string("1-10"), 1, 10), (.string("0-2"), 0, 2),

        ] as [(ParameterValue, Int, Int)]
    )
    func nodes(value: ParameterValue, minimum: Int, maximum: Int) {
        #expect(slurm(["nodes": value]).nodes == NodeRange(minimum: minimum, maximum: maximum))
    }

    @Test(arguments: ["0", "3-2", "0-0", "-1", "1-2-3", "1-", "+1", "", "many", "1 2", "1000000"] as [ParameterValue])
    func nodesThatAreNone(value: ParameterValue) {
        #expect(
            issues("nodes", value) == [
                "error: nodes: expected a number of nodes from 1 to 100000, or the least and the most, such as 1-10, found \(value)"
            ]
        )
    }

    @Test(
        arguments: [
            ("time", "1m", "a duration of at least 2m, such as 90s, 2h or 1d"),
            ("time", 0, "a duration of at least 2m, such as 90s, 2h or 1d"),
            ("lease", "1s", "a duration of at least 2s, such as 90s, 2h or 1d"),
            ("cpus", 0, "a number of processors from 1 to 65535"),
            ("memory", "much", "a size of memory, such as 512M or 64G"),
            (
                "memory", 64_000,
                "a size of memory, such as 512M or 64G (a number without a unit counts bytes)"
            ),
            ("gpus", 0, "a number of graphics processors, or TYPE:NUMBER such as a100:2"),
            ("gpus", "a100", "a number of graphics processors, or TYPE:NUMBER such as a100:2"),
            ("gpus", "a b:1", "a number of graphics processors, or TYPE:NUMBER such as a100:2"),
            ("partition", "a b", "a name without blanks"),
            ("account", "", "a name without blanks"),
            ("options", 3, "an option of sbatch, or a list of options, such as [--constraint=ib]"),
            ("listen", "login1:x", "an address such as login1:7000, login1 or :7000"),
        ] as [(String, ParameterValue, String)]
    )
    func wrongValues(key: String, value: ParameterValue, words: String) {
        #expect(issues(key, value) == ["error: \(key): expected \(words), found \(value)"])
    }

    @Test(arguments: [
        ("--constraint ib", "each item of the list is one option; write --constraint=ib"),
        ("constraint=ib", "an option of sbatch begins with a hyphen, such as --constraint=ib"),
        ("--", "an option of sbatch begins with a hyphen, such as --constraint=ib"),
        ("--array=1-3", "Flowmancer decides about --array itself; remove it"),
        ("--wait", "Flowmancer decides about --wait itself; remove it"),
        ("-N2", "Flowmancer decides about -N itself; remove it"),
        ("--a\nb", "an option of sbatch has no control characters"),
    ])
    func wrongOptions(option: String, words: String) {
        #expect(
            issues("options", .array([.string("--exclusive"), .string(option)])) == ["error: options[1]: \(words)"]
        )
    }

    @Test func oneOptionNeedsNoList() {
        #expect(slurm(["options": "--exclusive"]).options.values == ["--exclusive"])
    }

    @Test(arguments: [("2m", 2), ("121s", 3), ("1d", 1_440), ("2m 1ms", 3)])
    func timeIsRoundedUp(text: String, minutes: Int) {
        #expect(slurm(["time": .string(text)]).time?.minutes == minutes)
    }

    @Test func valuesAreDescribedAsTheyAreWritten() {
        #expect(NodeRange(minimum: 1, maximum: 2).describedValue == "1-2")
        #expect(NodeRange(maximum: 2).describedValue == 2)
        #expect(MemorySize(bytes: 64 << 30).describedValue == "64G")
        #expect(GraphicsRequest("a100:2")?.describedValue == "a100:2")
        #expect(GraphicsRequest(count: 2)?.describedValue == 2)
        #expect(PilotLease.standard.describedValue == ParameterValue(describing: Duration.seconds(30)))
    }
}
