import Foundation
import Glibc
import TestSupport

/// A Slurm cluster of the tests' own: `Scripts/slurm-cluster` says what it is.
package final class SlurmCluster: Sendable {
    /// Why there can be none; `nil` if there can.
    package static let obstacle: String? = {
        guard geteuid() == 0 else { return "only root can start a Slurm cluster" }
        let programs = [
            "slurmctld": "slurmctld", "slurmd": "slurmd", "sbatch": "slurm-client", "munged": "munge",
        ]
        for (program, package) in programs.sorted(by: { $0.key < $1.key }) where !isInstalled(program) {
            return "Debian's package \(package) is not installed"
        }
        return nil
    }()

    package static var isAvailable: Bool {
        if let obstacle { print("skipped: \(obstacle)") }
        return obstacle == nil
    }

    private static func isInstalled(_ program: String) -> Bool {
        ["/usr/sbin", "/usr/bin", "/sbin"].contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
    }

    private let directory: TemporaryDirectory
    /// The directory of the cluster.
    package var root: String { "\(directory.path)/cluster" }
    /// The file by which Slurm's programs find it.
    package var configuration: String { "\(root)/slurm.conf" }
    /// What runs a command with it.
    package var runner: String { "\(root)/run" }

    /// Starts a cluster.
    package init(_ options: [String] = []) throws {
        directory = try TemporaryDirectory()
        try script(["start", root] + options)
    }

    deinit {
        try? script(["stop", root])
    }

    /// Ends a daemon: `slurmctld`, `slurmd-node1` and so on.
    package func stop(_ daemon: String) throws { try script(["stop", root, daemon]) }

    /// Starts again what does not run.
    package func start() throws { try script(["start", root]) }

    /// Sends a signal to a daemon.
    package func signal(_ number: Int32, _ daemon: String) throws {
        guard let pid = try directory.text("cluster/pid/\(daemon)").split(separator: " ").first.flatMap({ pid_t($0) })
        else { throw SetupError(text: "no process of \(daemon)") }
        kill(pid, number)
    }

    /// The network namespace of a node.
    package func namespace(of node: String) throws -> String {
        try directory.text("cluster/namespaces/\(node)").split(separator: "\n").joined()
    }

    /// What Slurm and its daemons have written to files.
    package var files: [String] {
        let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        return names.map { "\(root)/\($0)" }
    }

    /// Runs a command with the cluster, such as `scontrol`.
    ///
    /// - Returns: What it printed.
    @discardableResult
    package func run(_ words: String...) throws -> String { try Self.run([runner] + words) }

    private func script(_ words: [String]) throws {
        let script = URL(filePath: #filePath).appending(path: "../../../Scripts/slurm-cluster").standardized
        try Self.run([script.path] + words)
    }

    @discardableResult
    private static func run(_ words: [String]) throws -> String {
        let file = FileManager.default.temporaryDirectory.appending(path: "slurm-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        let variables = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
        let pid = try spawn(words[0], words, environment: variables, output: file.path)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let text = try String(decoding: Data(contentsOf: file), as: UTF8.self)
        guard status == 0 else { throw SetupError(text: "\(words.joined(separator: " ")) failed: \(text)") }
        return text
    }
}
