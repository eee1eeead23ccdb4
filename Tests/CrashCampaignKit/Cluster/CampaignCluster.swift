import FoundationEssentials
import Glibc
import TestSupport

/// A Slurm cluster on whose nodes the tasks of a campaign run: one that `Scripts/slurm-cluster` started with namespaces.
package struct CampaignCluster: Sendable {
    /// How long engine and pilots wait for each other, in seconds.
    package static let lease = 2
    /// More losses of an attempt than there are strikes.
    static let lostAttempts = 1_000

    private let directory: String
    let nodes: [String]

    /// - Parameter directory: That of the cluster.
    package init(_ directory: String) throws {
        self.directory = directory
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(directory)/namespaces")) ?? []
        nodes = names.filter { $0 != "controller" }.sorted()
        if nodes.isEmpty { throw CampaignError("\(directory) has no cluster whose nodes have namespaces") }
    }

    /// What a job file says of the cluster.
    ///
    /// - Parameter environment: The file that says to pilots what the environment says to the engine.
    func section(environment: String) -> String {
        """
        {"cluster": {"executor": "Slurm", "parameters": {"nodes": "0-2", "cpus": 2, "memory": "100M", "idle": 1,
          "lease": \(Self.lease), "setup": [". '\(environment)'"]}}}
        """
    }

    /// Whether Slurm knows of no jobs any more.
    package func isEmpty() throws -> Bool {
        let list = "\(directory)/queue-\(getpid())"
        defer { unlink(list) }
        guard try Self.run("exec '\(directory)/run' squeue --noheader >'\(list)'") == 0 else { return false }
        return FileManager.default.contents(atPath: list)?.isEmpty == true
    }

    // MARK: Strikes

    func setLink(of node: String, isUp: Bool) throws {
        _ = try Self.run("exec ip -n '\(try namespace(of: node))' link set eth0 \(isUp ? "up" : "down")")
    }

    /// Ends everything on a node, without a farewell.
    func turnOff(_ node: String) throws {
        // Nothing is there if it is off already.
        _ = try Self.run("ip netns pids '\(try namespace(of: node))' | xargs --no-run-if-empty kill -KILL 2>/dev/null")
    }

    /// Starts the daemons of nodes that were turned off.
    func turnOn() throws {
        let script = URL(filePath: #filePath).appending(path: "../../../../Scripts/slurm-cluster").standardized.path
        // Only one at a time looks which of them run.
        _ = try Self.run(
            "exec setsid flock '\(directory)/lock' '\(script)' start '\(directory)' >>'\(directory)/log/start' 2>&1 &"
        )
    }

    /// Has Slurm end the pilots of all rounds.
    func cancelAll() throws {
        _ = try Self.run("exec '\(directory)/run' scancel --quiet --state=RUNNING")
    }

    private func namespace(of node: String) throws -> String {
        let data = FileManager.default.contents(atPath: "\(directory)/namespaces/\(node)") ?? Data()
        guard let name = String(decoding: data, as: UTF8.self).split(separator: "\n").first else {
            throw CampaignError("\(node) has no namespace")
        }
        return String(name)
    }

    private static func run(_ command: String) throws -> Int32 {
        let pid = try spawn("/bin/sh", ["/bin/sh", "-c", command])
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return status
    }
}
