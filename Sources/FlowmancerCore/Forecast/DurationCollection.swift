import OrderedCollections
import struct FoundationEssentials.Date

/// Takes the durations of tasks from the events of runs, the newest run first. A pure value.
struct DurationCollection {
    /// How many durations of a task count; older ones say less.
    private static let samples = 5
    /// A task that was left out on request runs the next time.
    private static let leftOut = StateReason.leftOut.text { _ in "" }

    private var runs: [RunID] = []
    private var peak = 0
    private var samples: [String: [Duration]] = [:]
    private var idle: Set<String> = []
    private var members: [String: OrderedSet<String>] = [:]

    /// The run that is taken in, and whether a task completed in it.
    private var run: (id: RunID, isUsable: Bool)?
    /// When the tasks began that run.
    private var begun: [String: Date] = [:]
    /// How many attempts run.
    private var running = 0
    /// The groups that newer runs had.
    private var known: Set<String> = []

    /// The events that follow are of this run.
    mutating func begin(_ run: RunID) {
        self.run = (run, false)
        begun.removeAll(keepingCapacity: true)
        running = 0
        known = Set(members.keys)
    }

    mutating func take(_ event: RecordedEvent) {
        guard let change = event.change else { return }
        if change.from == .running { running -= 1 }
        if change.to == .running {
            running += 1
            peak = max(peak, running)
            if begun[change.task] == nil { begun[change.task] = event.time }
        }
        // What an earlier run ended is told at the beginning of this one.
        guard change.to.isFinal, change.from != .initial else { return }
        let start = begun.removeValue(forKey: change.task)
        switch change.to {
        case .completed:
            note(change.task)
            if change.from == .running {
                if let start { add(event.time.timeIntervalSince(start), of: change.task) }
            } else {
                idle.insert(change.task)
            }
        case .skipped where change.reason != Self.leftOut:
            note(change.task)
            idle.insert(change.task)
        case .failed:
            note(change.task)
        default:
            break
        }
    }

    /// The durations of all runs.
    var durations: TaskDurations {
        TaskDurations(runs: runs, peak: peak, samples: samples, idle: idle, members: members.mapValues(\.elements))
    }

    private mutating func add(_ seconds: Double, of task: String) {
        guard seconds <= Duration.longestSetting else { return }
        // To the microsecond, as it is stored. Clocks are set back at times.
        let duration = Duration(nearestTo: (max(0, seconds) * 1_000_000).rounded() / 1_000_000)
        if samples[task]?.count ?? 0 < Self.samples { samples[task, default: []].append(duration) }
        guard let run, !run.isUsable else { return }
        self.run?.isUsable = true
        runs.append(run.id)
    }

    /// Notes that a group has a task.
    private mutating func note(_ task: String) {
        guard task.utf8.contains(UInt8(ascii: "[")), let group = MemberName.items(of: task, in: ""),
            !known.contains(group)
        else { return }
        members[group, default: []].append(task)
    }
}
