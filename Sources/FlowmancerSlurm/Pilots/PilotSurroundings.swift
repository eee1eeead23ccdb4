import FlowmancerCore
import FlowmancerSystem

/// What Slurm tells a pilot about itself, by its environment.
struct PilotSurroundings: Hashable {
    var id: String
    var node: String
    var capacity: NodeCapacity

    /// Why a process is no pilot.
    enum Problem: Error, Hashable {
        /// It does not run in a job of Slurm's.
        case outside
        /// Its job is no task of a job array, as those are that were asked for.
        case otherJob(String)
    }

    /// Reads an environment.
    ///
    /// - Parameters:
    ///   - host: The name of the machine, if Slurm does not say another.
    ///   - processors: How many processors this process may use, if Slurm does not say it.
    init(_ environment: [String: String], host: String, processors: Int) throws(Problem) {
        guard let job = environment["SLURM_JOB_ID"] ?? environment["SLURM_JOBID"] else { throw .outside }
        guard let array = Self.number(environment["SLURM_ARRAY_JOB_ID"]),
            let task = Self.number(environment["SLURM_ARRAY_TASK_ID"])
        else { throw .otherJob(job) }
        id = SlurmJobID.pilot(array, task)
        node = environment["SLURMD_NODENAME"].flatMap { $0.isEmpty ? nil : $0 } ?? host
        let count = Self.processors(environment) ?? max(1, processors)
        capacity = NodeCapacity(
            processors: count,
            memory: Self.memory(environment, processors: count),
            graphicsProcessors: Self.graphicsProcessors(environment)
        )
    }

    private static func processors(_ environment: [String: String]) -> Int? {
        // The latter is as `4(x2)` if there are several nodes.
        let texts = [environment["SLURM_CPUS_ON_NODE"], environment["SLURM_JOB_CPUS_PER_NODE"]]
        return texts.lazy.compactMap { text in number(text.map { String($0.prefix { $0 != "(" }) }) }.first { $0 > 0 }
    }

    /// Of the node, or of each processor; in mebibytes, where 0 stands for all that there is.
    private static func memory(_ environment: [String: String], processors: Int) -> Int? {
        let ofNode = bytes(environment["SLURM_MEM_PER_NODE"])
        let ofProcessor = bytes(environment["SLURM_MEM_PER_CPU"])?.multipliedReportingOverflow(by: processors)
        guard let ofNode else { return ofProcessor.flatMap { $0.overflow ? nil : $0.partialValue } }
        return ofNode
    }

    private static func bytes(_ text: String?) -> Int? {
        guard let count = number(text), count > 0 else { return nil }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: 1 << 20)
        return overflow ? nil : bytes
    }

    /// The names by which programs address the processors. Those of the job count from the first of the machine, also where a
    /// program sees only its own.
    private static func graphicsProcessors(_ environment: [String: String]) -> [String] {
        for name in ["CUDA_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES", "SLURM_JOB_GPUS"] {
            if let text = environment[name] { return names(in: text) }
        }
        return []
    }

    /// The most processors that are counted: more than any machine has.
    private static let limit = 1_024

    /// Reads `0,1`, `0-3` or `GPU-8932f937,MIG-4`. A list ends at the first that there is not, such as -1.
    static func names(in text: String) -> [String] {
        var result: [String] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let name = part.filter { !$0.isWhitespace }
            if name.isEmpty || name.hasPrefix("-") || name == "NoDevFiles" || name == "(null)" { break }
            let bounds = name.split(separator: "-", omittingEmptySubsequences: false).map { number(String($0)) }
            if bounds.count == 2, let first = bounds[0], let last = bounds[1], first <= last, last < limit {
                result += (first...last).map { "\($0)" }
            } else {
                result.append(name)
            }
        }
        var seen: Set<String> = []
        return result.filter { seen.insert($0).inserted }
    }

    private static func number(_ text: String?) -> Int? {
        guard let text, !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }
}

extension PilotSurroundings.Problem: PlainError {
    var description: String {
        switch self {
        case .outside:
            "a pilot of the executor Slurm runs only in a job of Slurm's: SLURM_JOB_ID is not set; "
                + "the engine asks for pilots itself"
        case .otherJob(let job):
            "the job \(job.printable) of Slurm's was not asked for by an engine: a pilot is a task of a job array"
        }
    }
}
