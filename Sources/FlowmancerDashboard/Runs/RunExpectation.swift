import Flowmancer
import FlowmancerCore
import FoundationEssentials
import OrderedCollections

/// What past runs of its job let expect of a run. They are read once, when somebody asks first.
actor RunExpectation {
    private let id: RunID
    private let job: String
    private let histories: Histories
    private var reading: Task<TaskDurations, Never>?
    private var last: (tag: String, made: ContinuousClock.Instant, forecast: RunForecast?)?

    /// A forecast costs more the larger the run is, so it is made no more often than this.
    private static let interval = Duration.seconds(2)

    init(of record: RunRecord, in histories: Histories) {
        id = record.id
        job = record.jobName
        self.histories = histories
    }

    private var durations: TaskDurations {
        get async {
            if let reading { return await reading.value }
            let (job, id, histories) = (job, id, histories)
            let task = Task.detached(priority: .utility) {
                for history in histories.all {
                    // Without the past, nothing is expected.
                    let durations = (try? await TaskDurations.read(of: job, from: history, before: id)) ?? .none
                    if !durations.isEmpty { return durations }
                }
                return TaskDurations.none
            }
            reading = task
            return await task.value
        }
    }

    /// How long a task is expected to take; `nil` if nothing is known of it.
    func duration(of task: String) async -> Duration? { await durations.duration(of: task) }

    /// What is expected of the rest of a run; `nil` if it is over, or not enough is known.
    func rest(of open: OpenRun) async -> OrderedDictionary<String, ParameterValue>? {
        guard open.run.state == .underWay else { return nil }
        let durations = await durations
        let now = Date()
        if last.map({ $0.tag != open.tag && $0.made + Self.interval < .now }) ?? true {
            last = (open.tag, .now, RunForecast.rest(of: open.digest, durations, at: now).forecast)
        }
        guard let last, let forecast = last.forecast else { return nil }
        let left = forecast.duration - (.now - last.made)
        guard left > .zero else { return nil }
        return [
            "ends_at": .string(now.addingTimeInterval(left / .seconds(1)).timestamp),
            "seconds_left": .double((left / .seconds(1) * 10).rounded() / 10),
            "longest_way": .array(forecast.longestWay.map { .string($0.task) }),
        ]
    }
}
