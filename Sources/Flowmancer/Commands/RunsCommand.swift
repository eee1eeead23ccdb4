import ArgumentParser
import FlowmancerTerminal
import OrderedCollections

/// Lists the runs of a history.
struct RunsCommand: JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "List the runs that are kept, the newest first.",
        discussion: """
            Runs of all jobs in the app root are listed, or with -j those in the history of a job file.
            """
    )

    @OptionGroup var history: HistoryOptions

    @Option(help: ArgumentHelp("Only runs of this job.", valueName: "name"))
    var job: String?

    @Option(
        help: ArgumentHelp(
            "Only runs in this state: under_way, succeeded, failed, aborted, interrupted or unknown. May be repeated.",
            valueName: "state"
        ),
        completion: .list(RunState.all.map(\.rawValue))
    )
    var state: [String] = []

    @Option(help: ArgumentHelp("Only runs that began at this moment or later: \(Moment.help).", valueName: "moment"))
    var since: Moment?

    @Option(help: ArgumentHelp("Only runs that began before this moment.", valueName: "moment"))
    var until: Moment?

    @Option(name: .shortAndLong, help: ArgumentHelp("How many runs to list at most.", valueName: "n"))
    var limit = 20

    @Option(help: ArgumentHelp("Only runs before this one: the next page of a list.", valueName: "id"))
    var before: String?

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if let unknown = state.first(where: { !RunState.all.contains(RunState(rawValue: $0)) }) {
            let all = RunState.all.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--state expects one of: \(all); found '\(unknown.printable)'.")
        }
        if limit < 1 { throw ValidationError("--limit expects a number from 1, found \(limit).") }
        if let before, RunID(before) == nil {
            throw ValidationError("--before expects the whole id of a run, found '\(before.printable)'.")
        }
    }

    private var query: RunQuery {
        var query = RunQuery(limit: limit)
        query.job = job
        query.states = state.isEmpty ? .none : Set(state.map(RunState.init))
        query.since = since?.date
        query.until = until?.date
        query.before = before.flatMap(RunID.init)
        return query
    }

    func execute(in program: Program) async throws -> Int32 {
        let query = query
        let page = try await history.use(in: program) { try await $0.runs(query) }
        HistoryProblems.show(page.problems)
        if json {
            var members: OrderedDictionary<String, ParameterValue> = ["runs": .array(page.runs.map(\.json))]
            members["next"] = page.next.map { .string($0.description) }
            try CommandOutput.print(json: .object(members))
        } else {
            try CommandOutput.print(RunListing(page).text(style: Console.standard.style))
        }
        return 0
    }
}
