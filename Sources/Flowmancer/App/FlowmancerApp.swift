import ArgumentParser
import Dispatch
import FlowmancerDiscovery
import FlowmancerEngine
import FlowmancerPlugins
import Glibc

/// A program that runs job files with the tasks and plug-ins that it contains.
///
/// ```swift
/// @main struct MyJob: FlowmancerApp {}
/// ```
/// `my-job -j job.yaml` runs a job, `my-job -j job.yaml -r` continues it after a failure, `my-job validate job.yaml` only
/// checks it, `my-job --help` tells the rest.
///
/// The exit code is the number of tasks that did not do their work, at most 98; 0 if all did; 1 for an invalid job;
/// 99 if the run could not begin or go on; 129, 130 or 143 after SIGHUP, SIGINT or SIGTERM.
public protocol FlowmancerApp: SendableMetatype {
    /// The job file to run if the command line names none, relative to the working directory.
    static var defaultJobFile: String? { get }
    /// The formats of job files, by whose keys `--type` chooses.
    static var formats: [any JobDefinitionFormat] { get }
    /// Adds types that discovery does not find, such as `Box<Int>`, or under other names.
    ///
    /// Called in workers, too: it adds the same types whenever it is called.
    static func register(in catalog: inout TypeCatalog)
}

extension FlowmancerApp {
    /// No default: the command line has to name a job file.
    public static var defaultJobFile: String? { nil }

    /// YAML and JSON.
    public static var formats: [any JobDefinitionFormat] { [YAMLJobDefinitionFormat(), JSONJobDefinitionFormat()] }

    /// Adds nothing.
    public static func register(in catalog: inout TypeCatalog) {}

    /// Runs the program, and never returns.
    public static func main() {
        JobRunner.startWorkerIfNeeded(register: { register(in: &$0) })
        let command = parseCommandLine()
        // While the job is being read, which takes its time, too.
        let keeper = (command as? RunCommand)?.file.loading.resolvedAppRoot.map { EarlyKeeper(in: $0) }
        // Workers are forked from the keeper, and come here as well.
        JobRunner.startWorkerIfNeeded(register: { register(in: &$0) })
        var catalog = TypeCatalog.discovered()
        register(in: &catalog)
        let program = Program(formats: formats, defaultJobFile: defaultJobFile, catalog: catalog, keeper: keeper)
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

    /// Returns the command that the command line names; help and errors end the program.
    private static func parseCommandLine() -> any JobCommand {
        do {
            var command = try ProgramCommand.parseAsRoot(Array(ProcessContext.arguments.dropFirst()))
            if let command = command as? any JobCommand { return command }
            try command.run()
            ProgramCommand.exit()
        } catch {
            ProgramCommand.exit(withError: error)
        }
    }
}
