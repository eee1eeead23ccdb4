import FlowmancerCore
import Testing

@testable import FlowmancerSlurm

struct PilotSurroundingsTests {
    private func read(_ changes: [String: String?]) throws -> PilotSurroundings {
        var environment: [String: String] = [
            "SLURM_JOB_ID": "18", "SLURM_ARRAY_JOB_ID": "17", "SLURM_ARRAY_TASK_ID": "3", "SLURMD_NODENAME": "node1",
            "SLURM_CPUS_ON_NODE": "4",
        ]
        for (name, value) in changes { environment[name] = value }
        return try PilotSurroundings(environment, host: "host1", processors: 2)
    }

    @Test func plainJob() throws {
        let surroundings = try read([:])
        #expect(surroundings.id == "17_3")
        #expect(surroundings.node == "node1")
        #expect(surroundings.capacity == NodeCapacity(processors: 4))
    }

    @Test func nodeIsTheHostIfSlurmDoesNotSay() throws {
        #expect(try read(["SLURMD_NODENAME": nil]).node == "host1")
        #expect(try read(["SLURMD_NODENAME": ""]).node == "host1")
    }

    @Test(
        arguments: [
            ("8", nil, 8), (nil, "16", 16), (nil, "4(x2)", 4), ("0", nil, 2), ("x", "-3", 2), ("", "", 2),
            ("99999999999999999999", nil, 2),
        ] as [(String?, String?, Int)]
    )
    func processors(onNode: String?, perNode: String?, count: Int) throws {
        let surroundings = try read(["SLURM_CPUS_ON_NODE": onNode, "SLURM_JOB_CPUS_PER_NODE": perNode])
        #expect(surroundings.capacity.processors == count)
    }

    @Test(
        arguments: [
            ("1000", nil, 1_000 << 20), (nil, "500", 2_000 << 20), ("1000", "500", 1_000 << 20), ("0", nil, nil),
            (nil, "0", nil),
            ("x", nil, nil), ("9223372036854775807", nil, nil), (nil, "4398046511104", nil), (nil, nil, nil),
        ] as [(String?, String?, Int?)]
    )
    func memory(ofNode: String?, ofProcessor: String?, bytes: Int?) throws {
        #expect(try read(["SLURM_MEM_PER_NODE": ofNode, "SLURM_MEM_PER_CPU": ofProcessor]).capacity.memory == bytes)
    }

    @Test(arguments: [
        ("", []), ("0", ["0"]), ("0,1", ["0", "1"]), ("0-2,5", ["0", "1", "2", "5"]), (" 1 , 3", ["1", "3"]),
        ("GPU-8932f937-d72c,MIG-GPU-5/1/0", ["GPU-8932f937-d72c", "MIG-GPU-5/1/0"]), ("1,1", ["1"]), ("1,-1,2", ["1"]),
        ("NoDevFiles", []), ("(null)", []), ("3-1", ["3-1"]), ("0-99999", ["0-99999"]),
    ])
    func graphicsProcessors(text: String, names: [String]) throws {
        #expect(try read(["SLURM_JOB_GPUS": text]).capacity.graphicsProcessors == names)
    }

    /// In a container, programs see only the processors of the job, and count them from 0.
    @Test func whatProgramsSeeCounts() throws {
        let names = try read(["SLURM_JOB_GPUS": "4,5", "CUDA_VISIBLE_DEVICES": "0,1"]).capacity.graphicsProcessors
        #expect(names == ["0", "1"])
        #expect(try read(["SLURM_JOB_GPUS": "4", "ROCR_VISIBLE_DEVICES": "0"]).capacity.graphicsProcessors == ["0"])
    }

    @Test func otherProcessesAreNoPilots() throws {
        #expect(throws: PilotSurroundings.Problem.outside) {
            try PilotSurroundings(["PATH": "/bin"], host: "host1", processors: 1)
        }
        #expect(throws: PilotSurroundings.Problem.otherJob("18")) { try read(["SLURM_ARRAY_TASK_ID": nil]) }
        #expect(throws: PilotSurroundings.Problem.otherJob("18")) { try read(["SLURM_ARRAY_JOB_ID": "x"]) }
        #expect("\(PilotSurroundings.Problem.outside)".contains("SLURM_JOB_ID is not set"))
    }
}
