import Foundation
import ProgramTestSupport
import TestSupport

/// A directory in which a test runs jobs on pilots, each of which is a process of this machine.
struct ClusterSandbox {
    let sandbox: Sandbox

    init() throws { sandbox = try Sandbox(program: "cluster-app") }

    /// The beginning of a job that runs on pilots.
    static func head(_ parameters: String = "pilots: 2, cpus: 2, lease: 5s", config: String = "") -> String {
        """
        config: {name: clustered, executor: cluster\(config.isEmpty ? "" : ", \(config)")}
        executors:
          cluster: {executor: Processes, parameters: {\(parameters)}}
        extensions: {}
        tasks:

        """
    }

    /// What the steps of the job have noted: the word, the task, the attempt and the machine.
    var notes: [[String]] {
        let text = (try? sandbox.read("side")) ?? ""
        return text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    }

    /// The processes whose working directory is the sandbox: the pilots, their keepers and workers.
    var processes: [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        let root = URL(fileURLWithPath: sandbox.directory.path).resolvingSymlinksInPath().path
        return names.compactMap(pid_t.init).filter { pid in
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/cwd")) == root
        }
    }

    /// The pilots that were started, by the directory of the run.
    var pilots: [pid_t] {
        let files = FileManager.default.enumerator(atPath: sandbox.path(".flowmancer/pilots"))
        let names = files?.allObjects.compactMap { ($0 as? String)?.split(separator: "/").last.map(String.init) } ?? []
        return names.compactMap { $0.hasPrefix("pid-") ? pid_t($0.dropFirst(4)) : nil }.sorted()
    }
}
