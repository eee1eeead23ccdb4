import ArgumentParser
import FlowmancerEngine
import FlowmancerGraph

/// Draws how the tasks of a job depend on each other.
struct GraphCommand: JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph",
        abstract: "Draw how the tasks of a job depend on each other.",
        discussion: """
            This works without the types of the tasks. A task with items is a stack, a job within the job a box around its
            tasks.
            """
    )

    @OptionGroup var file: JobFileOptions

    @Option(help: "The format: mermaid, dot (for Graphviz) or svg.")
    var format = GraphFormat.mermaid

    @Flag(help: "Draw every task of a group whose items are known before the run.")
    var expand = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The file to write. (default: standard output)", valueName: "file"),
        completion: .file()
    )
    var output: String?

    func execute(in program: Program) async throws -> Int32 {
        let job = try JobLoading(program, file.loading).orderedJob(file.path)
        var graph = JobGraph(job)
        if expand {
            let keys = Self.keys(in: job)
            graph = graph.expanding { keys[$0] }
        }
        let text = format.draw(graph)
        guard let output else {
            try CommandOutput.print(text)
            return 0
        }
        try CommandOutput.save(Array("\(text)\n".utf8), to: output)
        return 0
    }

    /// The keys of the items that are known, by the names of groups.
    private static func keys(in job: JobDefinition) -> [String: [String]] {
        let roster = TaskRoster(job, TaskGraph(job))
        var keys: [String: [String]] = [:]
        for node in 0..<roster.count where roster.role(of: node) == .list && roster.isUnfolded(node) {
            keys[roster.names[node].printable] = roster.members(of: node).compactMap {
                ItemName.split(roster.names[$0])?.key
            }
        }
        return keys
    }
}

extension GraphFormat: ExpressibleByArgument {}
