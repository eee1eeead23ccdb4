package import FlowmancerCore
import FlowmancerSystem
package import struct FoundationEssentials.Date

/// What is told of a kept run on a page of its own. A pure value.
package struct RunReport: Sendable {
    let record: RunRecord
    let state: RunState
    let digest: RunDigest
    let problems: [HistoryProblem]
    /// When the report is made.
    let madeAt: Date
    /// The last moment of which something is known.
    let horizon: Date
    /// For each task and group, the members that it has, in the order of their creation.
    let members: [[Int]]
    /// The tasks, without groups that speak through their members, in whose places those stand.
    let tasks: [Int]
    /// The chain of tasks that took longest.
    let criticalPath: [Int]
    /// The last lines of the logs of tasks that failed, where more of them are known than their events have.
    let excerpts: [Int: LogExcerpt]

    /// - Parameters:
    ///   - run: The run, as it was known after its events were read.
    ///   - digest: The sum of its events.
    ///   - problems: What of it cannot be read.
    ///   - excerpts: The last lines of logs, by the numbers of tasks.
    package init(
        _ run: KeptRun,
        _ digest: RunDigest,
        problems: [HistoryProblem] = [],
        excerpts: [Int: LogExcerpt] = [:],
        madeAt: Date
    ) {
        record = run.record
        state = digest.conclusion?.state ?? run.state
        self.digest = digest
        self.problems = problems
        self.excerpts = excerpts
        self.madeAt = madeAt
        let ended = digest.endedAt ?? run.endedAt
        let lastEvent = digest.tasks.lazy.compactMap(\.since).max()
        horizon = max(
            run.record.startedAt,
            ended ?? (state == .underWay ? madeAt : lastEvent) ?? run.record.startedAt
        )
        members = Self.members(digest.nodes)
        tasks = Self.order(digest.nodes, members).filter(digest.isTold)
        criticalPath = digest.criticalPath
    }

    private static func members(_ nodes: RunNodes) -> [[Int]] {
        var members = [[Int]](repeating: [], count: nodes.count)
        for node in nodes.indices { if let group = nodes[node].group { members[group].append(node) } }
        return members
    }

    /// All nodes, each group before its members.
    private static func order(_ nodes: RunNodes, _ members: [[Int]]) -> [Int] {
        var order: [Int] = []
        var open = Array(nodes.indices.filter { nodes[$0].group == nil }.reversed())
        while let node = open.popLast() {
            order.append(node)
            open += members[node].reversed()
        }
        return order
    }

    /// How long the run took, as far as that is known.
    var duration: Duration { since(record.startedAt, horizon) }

    /// The tasks that failed, those that may not fail first.
    var failures: [Int] {
        let failed = tasks.filter { digest.tasks[$0].state == .failed }
        return failed.filter { !digest.tasks[$0].isAllowedFailure }
            + failed.filter { digest.tasks[$0].isAllowedFailure }
    }

    func name(of node: Int) -> String { digest.nodes[node].name }

    func type(of node: Int) -> String { digest.nodes[node].task.map { digest.nodes.shape.tasks[$0].type } ?? "" }

    /// How many tasks are in a state.
    func count(_ state: ExecutionState) -> Int { digest.counts[state] ?? 0 }

    func since(_ start: Date, _ end: Date) -> Duration { .seconds(max(0, end.timeIntervalSince(start))) }

    /// How the run stands, in a sentence.
    var outcome: String {
        let time = duration.reportText
        return switch state {
        case .succeeded: "The run succeeded in \(time)."
        case .failed: "The run failed after \(time)."
        case .aborted: "The run was aborted after \(time)."
        case .underWay: "The run is under way. This page shows it after \(time)."
        case .interrupted:
            "The run was interrupted: its process ended without recording an end. The last that is known of it happened "
                + "after \(time)."
        default: "It is not known how the run ended. The last that is known of it happened after \(time)."
        }
    }
}

/// The last lines of a task's log.
package struct LogExcerpt: Sendable, Hashable {
    package var path: String
    package var lines: [String]
    /// Whether the log has more lines, before these.
    package var isCut: Bool

    package init(path: String, lines: [String], isCut: Bool) {
        self.path = path
        self.lines = lines
        self.isCut = isCut
    }
}

extension Duration {
    /// The duration as a report shows it: to the millisecond below ten seconds, in whole seconds above.
    var reportText: String {
        let seconds = self / .seconds(1)
        guard seconds < 10 else { return rounded.text }
        return Duration(nearestTo: (max(0, seconds) * 1_000).rounded() / 1_000).text
    }
}

extension Date {
    /// The time on the clocks of the machine that makes the report: `2024-05-01 12:00:00 +02:00`.
    var reportText: String {
        let time = LocalTime(secondsSince1970: Int(timeIntervalSince1970.rounded(.down)))
        return "\(time) \(time.offsetDescription)"
    }
}
