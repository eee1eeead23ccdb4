import FlowmancerCore

/// The pools of a job whose tasks run on several executors: each task goes to the pool of its own.
///
/// Used on the event loop only.
final class ExecutorPools: AttemptPool {
    private let local: WorkerPool
    private let others: [ClusterPool]
    /// The executor of a task, by its position in `others`; `nil` for this machine.
    private let executor: (Int) -> Int?
    private var isLocalOpen = false

    init(_ local: WorkerPool, _ others: [ClusterPool], executor: @escaping (Int) -> Int?) {
        self.local = local
        self.others = others
        self.executor = executor
    }

    private func pool(of task: Int) -> any AttemptPool { executor(task).map { others[$0] } ?? local }

    // Each is opened when it has something to do: a machine that executes nothing needs no keeper.

    func open() {}

    func shutDown() {
        local.shutDown()
        for pool in others { pool.shutDown() }
    }

    func submit(_ assignment: Assignment, _ admission: Admission) {
        guard let other = executor(assignment.task) else {
            if !isLocalOpen { local.open() }
            isLocalOpen = true
            return local.submit(assignment, admission)
        }
        others[other].submit(assignment, admission)
    }

    func admit(task: Int) { pool(of: task).admit(task: task) }

    func withdraw(task: Int) { pool(of: task).withdraw(task: task) }

    func cancel(task: Int, endingAfter patience: Duration) { pool(of: task).cancel(task: task, endingAfter: patience) }

    func kill(task: Int, remark: String) { pool(of: task).kill(task: task, remark: remark) }

    func takeReports() { local.takeReports() }

    func assignment(of task: Int) -> Assignment? { pool(of: task).assignment(of: task) }

    func isUnderWay(task: Int) -> Bool { pool(of: task).isUnderWay(task: task) }

    func machine(of task: Int) -> String? { pool(of: task).machine(of: task) }

    func pauseOutput(_ isPaused: Bool) {
        local.pauseOutput(isPaused)
        for pool in others { pool.pauseOutput(isPaused) }
    }

    func flush() {
        local.flush()
        for pool in others { pool.flush() }
    }
}
