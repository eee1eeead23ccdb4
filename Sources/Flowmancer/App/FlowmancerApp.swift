import Dispatch
import FlowmancerDiscovery
import FlowmancerEngine
import FlowmancerSystem
import FlowmancerTerminal
import Glibc

/// A program that runs job files with the tasks and plug-ins that it contains.
///
/// ```swift
/// @main struct MyJob: FlowmancerApp {}
/// ```
/// `my-job job.yaml` runs a job, `my-job job.yaml -r` continues it after a failure, and `my-job validate job.yaml` only
/// checks it. `my-job --help` shows all commands and options.
///
/// The exit code is 0 if all tasks succeeded, otherwise the number of tasks that failed or did not run (at most 98). It is 1
/// for an invalid job, 99 if the run could not start or continue, and 129, 130 or 143 after SIGHUP, SIGINT or SIGTERM.
public protocol FlowmancerApp: SendableMetatype {
    /// The version of the program, which `--version` prints together with that of Flowmancer.
    static var version: String? { get }
    /// The job file to use if the command line names none. A relative path starts from the app root: `--app-root`,
    /// else `$FLOWMANCER_APP_ROOT`, else the working directory.
    static var defaultJobFile: String? { get }
    /// The formats of job files. `--type` selects one by its key.
    static var formats: [any JobDefinitionFormat] { get }
    /// The commands that products add to those of every program, such as `[.dashboard]` of `FlowmancerDashboard`.
    static var commands: [ProgramCommands] { get }
    /// Adds types that discovery does not find, such as `Box<Int>` or a class that inherits its conformance, or adds types
    /// under other names.
    ///
    /// Workers call it too, so it must always add the same types.
    static func register(in catalog: inout TypeCatalog)
}

extension FlowmancerApp {
    /// No version: `--version` prints only that of Flowmancer.
    public static var version: String? { nil }

    /// No default: the command line must name a job file.
    public static var defaultJobFile: String? { nil }

    /// YAML and JSON.
    public static var formats: [any JobDefinitionFormat] { [YAMLJobDefinitionFormat(), JSONJobDefinitionFormat()] }

    /// None.
    public static var commands: [ProgramCommands] { [] }

    /// Adds nothing.
    public static func register(in catalog: inout TypeCatalog) {}

    /// Runs the program and never returns.
    public static func main() {
        JobRunner.startWorkerIfNeeded(register: { register(in: &$0) })
        let description = ProgramDescription(
            version: version,
            defaultJobFile: defaultJobFile,
            formats: formats,
            addedCommands: commands.flatMap(\.types),
            makeCatalog: {
                var catalog = TypeCatalog.discovered()
                register(in: &catalog)
                return catalog
            }
        )
        let command = ProgramDescription.$current.withValue(description) { ProgramCommandLine.parse() }
        // While the job is being read, which takes its time, too.
        let keeper = (command as? RunCommand)?.file.loading.resolvedAppRoot.map { EarlyKeeper(in: $0) }
        // Workers are forked from the keeper, and come here as well.
        JobRunner.startWorkerIfNeeded(register: { register(in: &$0) })
        let program = Program(description, keeper: keeper)
        do {
            // Without threads to run on, nothing below would ever say so.
            try ResourceCheck.run()
        } catch {
            Console.standard.printError("error: \(error)")
            exit(99)
        }
        // Not on the pool of threads that all Swift tasks share: plug-ins may block it.
        let executor = DispatchExecutor(label: "flowmancer.app")
        Task.detached(executorPreference: executor) { exit(await command.perform(in: program)) }
        dispatchMain()
    }
}
