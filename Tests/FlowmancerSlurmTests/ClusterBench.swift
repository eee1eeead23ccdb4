import FlowmancerCore
import Foundation
import ProgramTestSupport
import TestSupport

@testable import FlowmancerSlurm

/// A cluster, and a provider of pilots that runs a program of the test's there.
struct ClusterBench {
    /// What nobody but a pilot is to see.
    static let key = "Not-a-real-key-\(UInt64.random(in: 0...(.max)))"
    /// Variables that bash and Slurm add.
    static let ownNames: Set = [
        "CUDA_VISIBLE_DEVICES", "ENVIRONMENT", "GPU_DEVICE_ORDINAL", "HOSTNAME", "OLDPWD", "PWD",
        "ROCR_VISIBLE_DEVICES",
        "SHLVL", "TMPDIR", "_",
    ]

    /// Writes its environment, notes when it is told to end, and ends when there is a file for it.
    private static let program = """
        #!/bin/bash
        me=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID
        trap 'echo TERM >"term-$me"; exit 0' TERM
        env --null >"new-$me" && mv "new-$me" "environment-$me"
        while [ ! -e "end-$me" ]; do sleep 0.02; done

        """

    let cluster: SlurmCluster
    let directory: TemporaryDirectory
    let site: PilotSite
    let queue: SlurmQueue
    let provider: SlurmProvider
    var invitation: String { "\(site.directory)/invitation" }

    /// Starts a cluster.
    ///
    /// - Parameters:
    ///   - options: Those of `Scripts/slurm-cluster`.
    ///   - program: What a pilot runs; a program of the test's unless given.
    init(_ options: [String], parameters: [String: ParameterValue] = [:], program: String? = nil) async throws {
        cluster = try SlurmCluster(options)
        directory = try TemporaryDirectory()
        // Not in its own name: without control groups, Slurm does not find processes whose name has a blank.
        let name = "a pilot's $directory/program"
        try directory.makeDirectory("a pilot's $directory")
        try directory.write(Array(Self.program.utf8), to: name)
        chmod("\(directory.path)/\(name)", 0o700)
        try directory.makeDirectory("run 100%")
        try directory.write(Array(Self.key.utf8), to: "run 100%/invitation")
        var site = PilotSite.sample(
            in: directory.path,
            program: program ?? "\(directory.path)/\(name)",
            job: "a job's name"
        )
        site.directory = "\(directory.path)/run 100%"
        self.site = site
        queue = SlurmQueue(commands: ClusterCommands(cluster: cluster))
        var issues: [JobIssue] = []
        provider = SlurmProvider(
            Submission(
                site,
                invitation: "\(site.directory)/invitation",
                parameters: Slurm(parameters, issues: &issues)
            ),
            site: site,
            queue: queue,
            ledger: try RequestLedger(in: site.directory),
            entrance: PilotEntrance(invitation: "") {}
        )
        guard issues.isEmpty else { throw SetupError(text: "\(issues)") }
    }

    /// Asks again and again until something is so; gives up only after a limit that no healthy run reaches.
    private func wait<Value>(
        _ value: () async throws -> Value,
        until condition: (Value) async -> Bool
    ) async throws -> Value {
        let deadline = ContinuousClock.now + .seconds(90)
        while true {
            let value = try await value()
            if await condition(value) { return value }
            guard ContinuousClock.now < deadline else { throw SetupError(text: "it did not happen: \(value)") }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    func states(
        of pilots: [String],
        until condition: ([String: PilotState]) -> Bool
    ) async throws -> [String: PilotState] {
        try await wait({ try await provider.states(of: pilots) }, until: condition)
    }

    func entries(until condition: ([QueueListing.Entry]) async -> Bool) async throws -> [QueueListing.Entry] {
        try await wait({ try await queue.ownListing().entries }, until: condition)
    }

    /// The states of all nodes: `node1 idle`.
    func nodes(until condition: ([String]) -> Bool) async throws -> [String] {
        try await wait(
            {
                try cluster.run("sinfo", "--noheader", "--Node", "--format=%N %T").split(separator: "\n").map(
                    String.init
                )
            },
            until: condition
        )
    }

    /// The environment of a pilot that runs, or will.
    func environment(of pilot: String) async throws -> [String: String] {
        let text = try await wait({ try? directory.text("environment-\(pilot)") }, until: { $0 != nil }) ?? ""
        let pairs = text.split(separator: "\0").map {
            $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        }
        return Dictionary(pairs.map { (String($0[0]), String($0.last ?? "")) }, uniquingKeysWith: { first, _ in first })
    }

    func surroundings(of pilot: String) async throws -> PilotSurroundings {
        try PilotSurroundings(await environment(of: pilot), host: "", processors: 0)
    }

    /// The pilot that runs on a node.
    func pilot(on node: String, among pilots: [String]) async throws -> String {
        for pilot in pilots where try await surroundings(of: pilot).node == node { return pilot }
        throw SetupError(text: "no pilot on \(node)")
    }

    /// Lets a pilot end by itself.
    func end(_ pilot: String) throws { try directory.write([], to: "end-\(pilot)") }

    /// Cuts a node off, or connects it again.
    func setLink(_ state: String, of node: String) async throws {
        let namespace = try cluster.namespace(of: node)
        _ = try cluster.run("ip", "-n", namespace, "link", "set", "eth0", state)
    }
}

/// Slurm's programs, where the controller of a cluster is.
private struct ClusterCommands: SlurmCommands {
    let cluster: SlurmCluster

    func result(of words: [String], input: String?) async throws(SlurmError) -> SlurmResult {
        try await InstalledSlurmCommands().result(of: [cluster.runner] + words, input: input)
    }
}
