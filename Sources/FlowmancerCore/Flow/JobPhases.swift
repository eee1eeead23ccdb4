/// The graph of a job's tasks with a second node for every sub-job: its beginning, which is before its tasks begin, as its end
/// is after they ended.
///
/// A node below ``TaskGraph/count`` is a task of that number, or the end of a sub-job. Without sub-jobs, the graph is that of
/// the tasks.
struct JobPhases {
    let graph: TaskGraph
    /// The beginnings of sub-jobs.
    private let beginnings: [Int: Int]
    /// The sub-jobs of the nodes behind the tasks.
    private let subJobs: [Int]
    private let count: Int

    init(_ tasks: TaskGraph) {
        count = tasks.count
        subJobs = Set(tasks.containers.values).sorted()
        guard !subJobs.isEmpty else {
            graph = tasks
            beginnings = [:]
            return
        }
        var beginnings: [Int: Int] = [:]
        for (position, subJob) in subJobs.enumerated() { beginnings[subJob] = tasks.count + position }
        self.beginnings = beginnings
        var dependencies = tasks.dependencies + subJobs.map { tasks.dependencies[$0] }
        for (subJob, beginning) in beginnings { dependencies[subJob] = [beginning] }
        for (member, container) in tasks.containers.sorted(by: { $0.key < $1.key }) {
            dependencies[container].append(member)
            if let beginning = beginnings[container] {
                dependencies[beginnings[member] ?? member].append(beginning)
            }
        }
        var dependents = [[Int]](repeating: [], count: dependencies.count)
        for (node, others) in dependencies.enumerated() {
            for other in others { dependents[other].append(node) }
        }
        let names = tasks.names + subJobs.map { tasks.names[$0] }
        graph = TaskGraph(names: names, dependencies: dependencies, dependents: dependents)
    }

    /// The node at which a task begins.
    func beginning(of task: Int) -> Int { beginnings[task] ?? task }

    /// The task that a node belongs to.
    func task(of node: Int) -> Int { node < count ? node : subJobs[node - count] }

    /// Whether a node stands for a sub-job: nothing runs there.
    func isSubJob(_ node: Int) -> Bool { node >= count || beginnings[node] != nil }
}
