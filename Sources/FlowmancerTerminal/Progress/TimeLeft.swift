package import FlowmancerCore
import struct FoundationEssentials.Date

/// How long a run still takes, as people are told. It stays as it is as long as it is nearly right, so that it does not jump.
package struct TimeLeft: Sendable {
    /// What runs of the past say.
    package struct Past: Sendable {
        fileprivate var nodes: RunNodes
        fileprivate let durations: TaskDurations
        fileprivate let concurrency: Int

        /// - Parameters:
        ///   - nodes: The tasks and groups that the run began with. Others are added as they come.
        ///   - concurrency: How many tasks may run at once; unlimited if 0 or less.
        package init(_ nodes: RunNodes, _ durations: TaskDurations, concurrency: Int = 0) {
            self.nodes = nodes
            self.durations = durations
            self.concurrency = concurrency
        }

        /// Prepares to foretell a run of a job.
        package init(_ job: JobDefinition, _ durations: TaskDurations) {
            let nodes = RunNodes(RunShape(job, TaskRoster(job)))
            self.init(nodes, durations, concurrency: job.configuration.maxConcurrency)
        }
    }

    /// How often is looked, in seconds. The past of a large job takes longer to ask, which is done less often.
    private static let pause = (least: 1.0, ofManyTasks: 0.0025)
    /// What is told stays as it is if it is wrong by less than this, in seconds or as a part of the time.
    private static let tolerance = (seconds: 5.0, part: 0.15)

    private var past: Past?
    /// When the run ends, as it is told.
    private var end: Date?
    private var nextLook: Date?

    package init() {}

    /// Lets runs of the past say how long this one takes. Otherwise, its own pace says it.
    mutating func use(_ past: Past) {
        self.past = past
        nextLook = nil
    }

    /// Looks ahead, if that was not done just before.
    mutating func look(_ model: ProgressModel, at now: Date) {
        let pause = max(Self.pause.least, Double(past?.nodes.count ?? 0) * Self.pause.ofManyTasks)
        // Clocks are set back at times.
        if let nextLook, now < nextLook, nextLook.timeIntervalSince(now) <= pause { return }
        nextLook = now.addingTimeInterval(pause)
        guard let seconds = seconds(model, at: now) else {
            end = nil
            return
        }
        let end = now.addingTimeInterval(seconds)
        let tolerance = max(Self.tolerance.seconds, seconds * Self.tolerance.part)
        if let told = self.end, abs(told.timeIntervalSince(end)) <= tolerance, told > now { return }
        self.end = end
    }

    /// How many seconds are left; `nil` if nobody knows.
    func seconds(at now: Date) -> Double? {
        guard let end, end > now else { return nil }
        return end.timeIntervalSince(now)
    }

    /// Whether anybody looked.
    var isUsed: Bool { nextLook != nil }

    private mutating func seconds(_ model: ProgressModel, at now: Date) -> Double? {
        let rest = past.take().map { known in
            var known = known
            for task in model.tasks { known.nodes.number(of: task) }
            past = known
            let nodes = known.nodes
            return RunForecast.rest(of: nodes, known.durations, concurrency: known.concurrency, at: now) { node in
                model.standing(of: nodes[node].name)
            }
        }
        return switch rest {
        case .expected(let forecast): forecast.duration / .seconds(1)
        case .overdue: nil
        case .unknown, nil: model.remainingSeconds(at: now)
        }
    }
}
