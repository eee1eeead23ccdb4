import Dispatch
import FlowmancerDiscovery
import FlowmancerEngine
import FlowmancerSystem
import FlowmancerTerminal
import FlowmancerWorker
import FoundationEssentials

/// Runs a job from code. Use ``FlowmancerApp`` to run jobs from the command line.
///
/// ```swift
/// var job = JobDefinition(name: "nightly")
/// job.addTask("report", Report.self)
/// let result = try await JobRunner(job).run()
/// exit(result.exitCode)
/// ```
/// Tasks run in worker processes, which are other processes of your program. A worker reaches ``run()`` in the same way as
/// the first process does, and never returns from it. So code before that call runs in every worker, too. If that is a
/// problem, call ``startWorkerIfNeeded(register:)`` first.
public struct JobRunner: Sendable {
    /// How a job is run, beyond what the job itself says.
    public struct Options: Sendable {
        /// Whether to continue the last run where it stopped.
        public var isRestart = false
        /// Whether a restart runs completed tasks again if their definition changed.
        public var rerunsChanged = false
        /// Whether to remove the stored checkpoint, even if it cannot be read, and start from the beginning.
        public var discardsCheckpoint = false
        /// Which tasks run.
        public var selection = JobSelection()
        /// Whether debug messages of libraries are logged, too. Those of a task's own logger always are.
        public var isDebug = false
        /// Whether a restart also continues from the checkpoint of another job file.
        var adoptsCheckpoint = false
        /// The absolute path of the job file, if there is one.
        var jobFile: String?
        /// The version of the program; `nil` if it has none.
        var programVersion: String?
        /// The command line that continues the run, if there is one.
        var resumeCommand: ResumeCommand?
        /// The run of which a task is run again.
        var retriedRun: RunID?
        /// The values of the shared dictionary at the beginning.
        var sharedDict: [String: JSONText] = [:]
        /// Receives messages about the run, from any thread.
        ///
        /// By default, warnings are printed to standard error and other notices to standard output. If a logger writes JSON
        /// to standard output, all notices are printed to standard error.
        public var report: @Sendable (RunNotice) -> Void = { notice in
            if notice.severity >= .warning {
                Console.standard.printError(notice.text)
            } else {
                Console.standard.print(notice.text)
            }
        }

        /// Creates the default options.
        public init() {}
    }

    private let definition: JobDefinition
    private let options: Options
    private let catalog: TypeCatalog
    private let control = RunControl()
    private let keeper: EarlyKeeper?

    /// Creates a runner.
    ///
    /// - Parameters:
    ///   - definition: The job.
    ///   - options: How to run it.
    ///   - catalog: The types that the job can name; by default, the types of the executable.
    public init(_ definition: JobDefinition, options: Options = Options(), catalog: TypeCatalog? = nil) {
        self.definition = definition
        self.options = options
        self.catalog = catalog ?? .discovered()
        keeper = nil
    }

    /// Creates a runner for which a keeper was started already.
    init(_ definition: JobDefinition, options: Options, catalog: TypeCatalog, keeper: EarlyKeeper?) {
        self.definition = definition
        self.options = options
        self.catalog = catalog
        self.keeper = keeper
    }

    /// Becomes a worker, or a pilot on another machine, and never returns, if this process was started as one.
    ///
    /// - Parameter register: Adds types that discovery does not find. Only private generic types need it.
    public static func startWorkerIfNeeded(
        register: @escaping @Sendable (_ catalog: inout TypeCatalog) -> Void = { _ in }
    ) {
        let catalog: @Sendable () -> TypeCatalog = {
            var catalog = TypeCatalog.discovered()
            register(&catalog)
            return catalog
        }
        becomeWorker(catalog)
        guard let launch = PilotLaunch(ProcessContext.arguments) else { return }
        let keeper = EarlyKeeper(in: FileSystem.currentDirectory ?? ".")
        // Workers are forked from the keeper, and come here as well.
        becomeWorker(catalog)
        PilotProcess.start(launch, catalog, keeper)
        dispatchMain()
    }

    private static func becomeWorker(_ catalog: @escaping @Sendable () -> TypeCatalog) {
        guard Worker.isRequested else { return }
        Worker.start(isFirst: true, catalog: { catalog().taskTypes })
        dispatchMain()
    }

    /// Runs the job. To abort the run, cancel the Swift task that calls this, or call ``abort()``.
    ///
    /// - Throws: `InvalidJobError` if the job is invalid, ``JobRunError`` if the run cannot begin or continue. A failed task
    ///   is not an error here: see ``RunResult/requireSuccess()``.
    public func run() async throws -> RunResult {
        if Worker.isRequested {
            // Neither discovery nor the catalogue need have the types of a job that was built in code.
            let types = definition.tasks.values.compactMap(\.kind?.type) + catalog.taskTypes
            Worker.start(isFirst: false, catalog: { types })
            while true { try? await Task.sleep(for: .seconds(3_600)) }
        }
        if let launch = PilotLaunch(ProcessContext.arguments) {
            PilotProcess.start(launch, { [catalog] in catalog }, keeper)
            while true { try? await Task.sleep(for: .seconds(3_600)) }
        }
        let issues = JobValidator.validate(definition, catalog: catalog, host: HostResources.current)
        guard issues.allSatisfy({ $0.severity == .warning }) else { throw InvalidJobError(issues: issues) }
        for issue in issues { options.report(RunNotice(issue)) }
        return try await runValidated()
    }

    /// Runs the job, which was found valid with the same catalogue, in the engine's process.
    func runValidated() async throws -> RunResult {
        var runOptions = RunOptions()
        runOptions.isRestart = options.isRestart
        runOptions.rerunsChanged = options.rerunsChanged
        runOptions.adoptsCheckpoint = options.adoptsCheckpoint
        runOptions.jobFile = options.jobFile
        runOptions.program = ProgramIdentity(
            path: ProcessContext.arguments.first ?? "",
            version: options.programVersion,
            flowmancerVersion: FlowmancerVersion.current
        )
        runOptions.discardsCheckpoint = options.discardsCheckpoint
        runOptions.selection = options.selection
        runOptions.isDebug = options.isDebug
        runOptions.resumeCommand = options.resumeCommand
        runOptions.retriedRun = options.retriedRun
        runOptions.sharedDict = options.sharedDict
        runOptions.keeper = keeper
        let printsData = printsData
        if printsData { Console.standard.reserveOutput() }
        defer { if printsData { Console.standard.releaseOutput() } }
        let report = options.report
        let run = JobRun(definition, catalog: catalog, options: runOptions, control: control) { notice in
            report(notice)
            Self.announce(notice)
        }
        defer { Console.standard.setFooter(nil) }
        return try await withTaskCancellationHandler {
            return RunResult(runID: run.id, try await run.execute())
        } onCancel: {
            control.abort()
        }
    }

    /// Whether another program may read the standard output.
    private var printsData: Bool {
        definition.loggers.values.contains { logger in
            let type = try? catalog.logger(named: logger.variant).get() as? any DataPrintingPlugin.Type
            return type?.printsData(with: logger.parameters) == true
        }
    }

    /// Lets people who watch the progress know until when they wait.
    private static func announce(_ notice: RunNotice) {
        let isTooLong = notice.code == .timeLimitExceeded
        if notice.code == .aborting || isTooLong, let grace = notice.grace, !notice.tasks.isEmpty {
            let countdown = AbortCountdown(grace: grace, isOnRequest: !isTooLong)
            Console.standard.setFooter { countdown.line(at: Date()) }
        } else if notice.code == .killing {
            Console.standard.setFooter(nil)
        }
    }

    /// Aborts the run: running tasks are cancelled. A second call kills them.
    public func abort() {
        control.abort()
    }
}

extension RunNotice {
    /// What is doubtful in a job that runs all the same.
    fileprivate init(_ issue: JobIssue) {
        let steps = issue.path.components
        var tasks: [String] = []
        if steps.count > 1, steps[0] == .key("tasks"), case .key(let task) = steps[1] { tasks = [task] }
        self.init(.doubtfulJob, .warning, issue.description, tasks: tasks)
    }
}
