import FlowmancerEngine
import FlowmancerPlugins

extension RunRecord {
    /// Where the log of a task may be: loggers leave some tasks out, and files are removed.
    package func logPaths(of task: String) -> [String] {
        logDirectories.map { "\($0)/\(FileLogger.fileName(of: task))" }
    }
}
