package import ArgumentParser
import FlowmancerEngine
import FlowmancerTerminal

/// Which history a command is about: that of a job file or, without one, the default history of the app root.
package struct HistoryOptions: ParsableArguments {
    @OptionGroup var file: JobFileOption

    @OptionGroup package var loading: LoadingOptions

    package init() {}

    /// Uses the history.
    package func use<Value: Sendable>(
        in program: Program,
        _ body: (any FlowHistory) async throws -> Value
    ) async throws -> Value {
        try await use(in: program, also: []) { try await body($0[0]) }
    }

    /// Uses the history and others.
    ///
    /// - Parameter others: The others; those that are the same are used once.
    package func use<Value: Sendable>(
        in program: Program,
        also others: [PluginDefinition],
        _ body: ([any FlowHistory]) async throws -> Value
    ) async throws -> Value {
        let loading = try JobLoading(program, loading)
        let hasFile = file.jobdef != nil || (try? loading.path(nil)) != nil
        let job = hasFile ? try loading.validJob(file.jobdef) : JobDefinition()
        try loading.enterAppRoot()
        var jobs = [job]
        for other in others where !jobs.contains(where: { $0.history == other }) {
            jobs.append(JobDefinition())
            jobs[jobs.count - 1].history = other
        }
        return try await use(jobs[...], [], program, body)
    }

    /// Opens one history after the other, and closes them in reverse.
    private func use<Value: Sendable>(
        _ jobs: ArraySlice<JobDefinition>,
        _ open: [any FlowHistory],
        _ program: Program,
        _ body: ([any FlowHistory]) async throws -> Value
    ) async throws -> Value {
        guard let job = jobs.first else { return try await body(open) }
        do {
            return try await StoredHistory.use(of: job, catalog: program.catalog) { history in
                try await use(jobs.dropFirst(), open + [history], program, body)
            }
        } catch let error as any ProgramError {
            throw error
        } catch {
            // What a plug-in says may name its secrets.
            throw HistoryFailure(description: SecretTextMasker(job, catalog: program.catalog).mask(error.inWords))
        }
    }

    private struct HistoryFailure: ProgramError, CustomStringConvertible {
        let description: String
    }
}

/// Which run a command is about.
struct RunArgument: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "The run: its id, a part of the id that no other run has, 'last', or 'last:' and the name of a job.",
            valueName: "run"
        )
    )
    var run: String

    private var selector: RunSelector? { RunSelector(run) }

    func validate() throws {
        guard selector == nil else { return }
        throw ValidationError(
            "'\(run.printable)' is no run; give an id or a part of one, 'last', or 'last:' and the name of a job."
        )
    }

    /// Opens the run, with what has happened in it until now.
    func open(in history: any FlowHistory) async throws -> OpenRun {
        let (run, reader) = try await find(in: history)
        return try await OpenRun(run, reader)
    }

    /// Finds the run.
    func find(in history: any FlowHistory) async throws -> (KeptRun, any RunReader) {
        guard let selector else { throw UsageError(text: "no run is given") }
        let page = try await history.runs(selector.query)
        let run: KeptRun
        do {
            run = try selector.choose(from: page)
        } catch {
            HistoryProblems.show(page.problems)
            throw UsageError(text: "\(error)")
        }
        guard let reader = try await history.openRun(run.record.id, after: 0) else {
            throw UsageError(text: "the run \(run.record.id) was removed meanwhile")
        }
        return (run, reader)
    }
}

/// What cannot be relied on in a history.
enum HistoryProblems {
    static func show(_ problems: [HistoryProblem]) {
        for problem in problems { Console.standard.printError("warning: \(problem)") }
    }
}
