import Dispatch
import FlowmancerDiscovery
import FlowmancerEngine
import FlowmancerPlugins
import FoundationEssentials

/// Runs jobs from code; a ``FlowmancerApp`` does the same from a command line.
///
/// ```swift
/// var job = JobDefinition(name: "nightly")
/// job.addTask("report", Report.self)
/// let result = try await JobRunner(job).run()
/// exit(result.exitCode)
/// ```
/// Tasks run in processes of their own, for which the executable starts itself again. A worker process reaches
/// ``run()`` in the same way as its parent did, and never returns from it; whatever the program does before that call,
/// workers do, too. A program for which that matters calls ``startWorkerIfNeeded()`` first.
public struct JobRunner: Sendable {
    /// How a job is run, beyond what the job itself says.
    public struct Options: Sendable {
        /// Whether to continue an earlier run where it stopped.
        public var isRestart = false
        /// Whether a restart runs completed tasks again if their definition changed.
        public var rerunsChanged = false
        /// Whether to remove the stored checkpoint, also one that cannot be read, and start from the beginning.
        public var discardsCheckpoint = false
        /// Which tasks run.
        public var selection = JobSelection()
        /// Whether tasks log messages of level debug.
        public var isDebug = false
        /// Whether a restart also continues from the checkpoint of another job file.
        var adoptsCheckpoint = false
        /// The absolute path of the job file, if there is one.
        var jobFile: String?
        /// The command line that continues the run, if there is one.
        var resumeCommand: ResumeCommand?
        /// Receives what people should know of the run; standard output and standard error unless set, only the latter if
        /// a logger sends JSON to the former.
        public var report: @Sendable (_ text: String, _ isWarning: Bool) -> Void = { text, isWarning in
            if isWarning { Console.standard.printError(text) } else { Console.standard.print(text) }
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
    ///   - catalog: The types that the job may name; those of the executable unless given.
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

    /// Becomes a worker, and never returns, if the program was started to be one.
    ///
    /// - Parameter register: Adds types that discovery does not find. Only private generic ones need it.
    public static func startWorkerIfNeeded(
        register: @escaping @Sendable (_ catalog: inout TypeCatalog) -> Void = { _ in }
    ) {
        guard Worker.isRequested else { return }
        Worker.start(
            isFirst: true,
            catalog: {
                var catalog = TypeCatalog.discovered()
                register(&catalog)
                return catalog.taskTypes
            }
        )
        dispatchMain()
    }

    /// Runs the job. Cancelling the Swift task that calls this aborts the run.
    ///
    /// - Throws: `InvalidJobError` if the job cannot run, ``JobRunError`` if the run could not begin or go on. A task
    ///   that fails is no error here: see ``RunResult/requireSuccess()``.
    public func run() async throws -> RunResult {
        if Worker.isRequested {
            // Neither discovery nor the catalogue need have the types of a job that was built in code.
            let types = definition.tasks.values.compactMap(\.type) + catalog.taskTypes
            Worker.start(isFirst: false, catalog: { types })
            while true { try? await Task.sleep(for: .seconds(3_600)) }
        }
        let issues = JobValidator.validate(definition, catalog: catalog)
        guard issues.allSatisfy({ $0.severity == .warning }) else { throw InvalidJobError(issues: issues) }
        for issue in issues { options.report(issue.description, true) }
        return try await runValidated()
    }

    /// Runs the job, which was found valid with the same catalogue, in the engine's process.
    func runValidated() async throws -> RunResult {
        var runOptions = RunOptions()
        runOptions.isRestart = options.isRestart
        runOptions.rerunsChanged = options.rerunsChanged
        runOptions.adoptsCheckpoint = options.adoptsCheckpoint
        runOptions.jobFile = options.jobFile
        runOptions.discardsCheckpoint = options.discardsCheckpoint
        runOptions.selection = options.selection
        runOptions.isDebug = options.isDebug
        runOptions.resumeCommand = options.resumeCommand
        runOptions.keeper = keeper
        let printsData = printsData
        if printsData { Console.standard.reserveOutput() }
        defer { if printsData { Console.standard.releaseOutput() } }
        let report = options.report
        let run = JobRun(definition, catalog: catalog, options: runOptions, control: control) { notice, text in
            report(text, notice.isWarning)
            Self.announce(notice)
        }
        defer { Console.standard.setFooter(nil) }
        do {
            return try await withTaskCancellationHandler {
                RunResult(states: try await run.execute())
            } onCancel: {
                control.abort()
            }
        } catch let failure as RunFailure {
            throw JobRunError(failure.description)
        }
    }

    /// Whether another program may read the standard output.
    private var printsData: Bool {
        definition.loggers.values.contains { logger in
            guard case .success(let type) = catalog.logger(named: logger.variant) else { return false }
            return type is JSONLinesLogger.Type && JSONLinesLogger.writesToOutput(logger.parameters)
        }
    }

    /// Lets people who watch the progress know until when they wait.
    private static func announce(_ notice: RunNotice) {
        switch notice {
        case .aborting(let running, let grace) where !running.isEmpty:
            let countdown = AbortCountdown(grace: grace)
            Console.standard.setFooter { countdown.line(at: Date()) }
        case .killing:
            Console.standard.setFooter(nil)
        default:
            break
        }
    }

    /// Aborts the run that is under way: running tasks are cancelled. A second call kills them.
    public func abort() {
        control.abort()
    }
}
