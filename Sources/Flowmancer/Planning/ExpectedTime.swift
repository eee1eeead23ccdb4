import FlowmancerEngine
import FlowmancerTerminal
import OrderedCollections

/// How long a run is expected to take, by the runs that are kept.
struct ExpectedTime: Hashable {
    /// What is expected with the limit that the job has.
    let forecast: RunForecast
    /// The runs that it is known from, the newest first.
    let runs: [RunID]
    /// How long the run takes, by how many tasks may run at once; the job's own limit comes first.
    let byConcurrency: OrderedDictionary<Int, Duration>

    /// Of a larger job, no other limits are tried.
    private static let largestJob = 100_000
    /// A limit is told only if the run takes less than this part of the time with the limit before.
    private static let worthwhile = 0.9
    /// The unknown tasks that are named.
    private static let namedTasks = 3

    /// - Returns: `nil` if nothing is known of any task that runs.
    init?(of beginning: RunForecast.Beginning, _ durations: TaskDurations, concurrency: Int) {
        guard !durations.isEmpty else { return nil }
        forecast = RunForecast(of: beginning, durations, concurrency: concurrency)
        guard forecast.knownCount > 0 else { return nil }
        runs = durations.runs
        var times: OrderedDictionary = [max(0, concurrency): forecast.duration]
        var (limit, last) = (concurrency, forecast.duration)
        while concurrency > 0, limit <= concurrency * 8, beginning.roster.count <= Self.largestJob {
            limit *= 2
            let time = RunForecast(of: beginning, durations, concurrency: limit).duration
            guard time < last * Self.worthwhile else { break }
            times[limit] = time
            last = time
        }
        byConcurrency = times
    }

    // MARK: For people

    /// How long the run takes, in a sentence.
    func sentence(_ style: TerminalStyle) -> String {
        var text = "\(style.paint("Expected", .strong)): about \(forecast.duration.estimated.text)"
        if let (limit, time) = byConcurrency.elements.dropFirst().last {
            text += ", with --max-concurrency \(limit) about \(time.estimated.text)"
        }
        text += " (from \(runs.count == 1 ? "the last run" : "\(runs.count) runs"))"
        return forecast.unknown.isEmpty ? text : text + "; of \(unknownTasks) nothing is known"
    }

    /// What has to become faster for the run to become faster; empty if that is a single task, or not known of all tasks.
    func longestWay(_ style: TerminalStyle, _ columns: Int) -> String {
        guard forecast.longestWay.count > 1, forecast.unknown.isEmpty else { return "" }
        let arrow = style.isUnicode ? "→" : "->"
        let steps = forecast.longestWay.map { "\($0.task.printable) (\($0.duration.rounded.text))" }
        let lines = steps.joined(separator: " \(arrow) ").wrapped(to: max(30, columns - 2)).map { "\n  \($0)" }
        let title = "\(style.paint("The longest way", .strong)), \(forecast.lengthOfLongestWay.estimated.text):"
        return title + lines.joined()
    }

    private var unknownTasks: String { forecast.unknown.listed(atMost: Self.namedTasks) }

    // MARK: For programs

    /// What the plan for programs has of it.
    var members: OrderedDictionary<String, ParameterValue> {
        [
            "expected_seconds": .double(forecast.duration / .seconds(1)),
            "expected_with": .array(
                byConcurrency.map { ["max_concurrency": .int($0), "seconds": .double($1 / .seconds(1))] }
            ),
            "longest_way": .array(forecast.longestWay.map { .string($0.task) }),
            "unknown_tasks": .array(forecast.unknown.map(ParameterValue.string)),
            "from_runs": .array(runs.map { .string($0.description) }),
        ]
    }
}
