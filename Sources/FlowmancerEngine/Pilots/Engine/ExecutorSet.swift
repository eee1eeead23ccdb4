import FlowmancerCore
import FlowmancerSystem
import FlowmancerWire
import FoundationEssentials

/// The executors of a run, beside this machine.
struct ExecutorSet: Sendable {
    let hosts: [ExecutorHost]
    /// The secrets of the job, and whether there may be others.
    private let secrets: Set<String>
    private let mayGrow: Bool
    private let program: String
    /// Kept, with its lock, as long as the run.
    private let directory: PilotDirectory

    /// Creates the executors on which tasks of a valid job run.
    ///
    /// - Throws: An error if this program, or the directory of what pilots need, cannot be read or made.
    init?(_ job: JobDefinition, catalog: TypeCatalog, secrets: JobSecrets, run: RunInfo, sharedDict: SharedDict) throws
    {
        guard job.usesExecutors else { return nil }
        let names = Set(job.tasks.values.map { job.executor(of: $0) })
        program = try ProgramBuild.current()
        self.secrets = secrets.texts
        mayGrow = secrets.areOpen
        let root = FileSystem.currentDirectory ?? "."
        let directory = try PilotDirectory(root: root, job: job.configuration.name, run: run.id)
        self.directory = directory
        hosts = try job.executors.filter { names.contains($0.key) }.map { name, definition in
            let type = try catalog.executor(named: definition.variant).get()
            let executor = try PluginSet.make(type, definition, at: ParameterPath("executors", name))
            let site = PilotSite(
                run: run.id,
                job: job.configuration.name,
                executor: name,
                program: FileSystem.canonicalPath("/proc/self/exe") ?? "/proc/self/exe",
                arguments: [PilotLaunch.flag, definition.variant],
                root: root,
                directory: try directory.make(name),
                lease: executor.scale.lease
            )
            let context = PluginSet.context(job, "executors.\(name)", definition, sharedDict, run)
            return ExecutorHost(name, executor, site, leftovers: directory.leftovers(of: name), context: context)
        }
    }

    /// Makes the pools of a run.
    func pools(
        _ job: JobDefinition,
        _ tasks: RunTasks,
        _ attempts: AttemptMessages,
        local: WorkerPool,
        on thread: EventLoopThread,
        loop: EventLoop,
        delegate: any ClusterPoolDelegate
    ) -> ExecutorPools {
        let positions = Dictionary(uniqueKeysWithValues: hosts.enumerated().map { ($1.name, $0) })
        let executors = job.tasks.values.map { positions[job.executor(of: $0)] }
        let others = hosts.map { host in
            let scale = host.executor.scale
            let setup = ClusterPool.Setup(
                attempts: attempts,
                settings: ClusterSettings(scale: scale, capacity: host.executor.capacity, program: program),
                welcome: .with {
                    $0.run = attempts.run
                    $0.needsProgram = attempts.needProgram
                    $0.secrets.texts = secrets.sorted()
                    $0.secrets.mayGrow = mayGrow
                },
                demand: { attempts.demand(of: $0) }
            )
            return ClusterPool(host, setup, on: thread, loop: loop, delegate: delegate)
        }
        return ExecutorPools(local, others) { [unowned tasks] in executors[tasks.roster.definition(of: $0)] }
    }

    /// Ends all pilots that are left.
    func close() async {
        await withTaskGroup { tasks in
            for host in hosts { tasks.addTask { await host.close() } }
        }
    }
}
