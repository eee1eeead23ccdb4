import FlowmancerCore
import struct FoundationEssentials.Date

/// When the attempts of a run's tasks ran: the rows of a chart. A pure value.
struct Timeline {
    /// A part of the run's time, as shares of all of it, from 0 to 1.
    struct Bar: Hashable {
        var start: Double
        var length: Double
        /// How the attempt ended, or the worst end of several.
        var state: ExecutionState
    }

    /// A task, or several that began one after the other.
    struct Row: Hashable {
        /// The tasks, in the order of their beginnings.
        var tasks: [Int]
        var bars: [Bar]
    }

    /// With more rows or bars, tasks share rows.
    static let mostRows = 1_000
    static let mostBars = 3_000
    /// How many rows there are about if tasks share them, and into how many parts time is divided then.
    private static let sharedRows = 120
    private static let sharedColumns = 500

    private(set) var rows: [Row]
    /// Into how many parts time is divided if tasks share rows; `nil` if every attempt has a bar of its own.
    let columns: Int?
    /// The time that the chart shows.
    let span: Duration

    init(_ report: RunReport) {
        let start = report.record.startedAt
        let last = report.digest.tasks.lazy.flatMap(\.attempts).compactMap { $0.end ?? $0.start }.max() ?? start
        let length = max(max(report.horizon, last).timeIntervalSince(start), 0.001)
        span = .seconds(length)
        func share(_ time: Date) -> Double { min(max(time.timeIntervalSince(start) / length, 0), 1) }

        let order = report.tasks.compactMap { task in
            report.digest.tasks[task].attempts.lazy.compactMap(\.start).first.map { (begin: $0, task: task) }
        }.sorted { ($0.begin, $0.task) < ($1.begin, $1.task) }
        rows = order.map { entry in
            let bars = report.digest.tasks[entry.task].attempts.compactMap { attempt -> Bar? in
                guard let begin = attempt.start else { return nil }
                let from = share(begin)
                return Bar(
                    start: from,
                    length: max(0, share(attempt.end ?? report.horizon) - from),
                    state: attempt.state
                )
            }
            return Row(tasks: [entry.task], bars: bars)
        }
        guard rows.count > Self.mostRows || rows.reduce(0, { $0 + $1.bars.count }) > Self.mostBars else {
            columns = nil
            return
        }
        columns = Self.sharedColumns
        let each = (rows.count + Self.sharedRows - 1) / Self.sharedRows
        rows = stride(from: 0, to: rows.count, by: each).map { first in
            Self.merged(rows[first..<min(first + each, rows.count)])
        }
    }

    /// How many tasks share a row at most.
    var tasksPerRow: Int { rows.map(\.tasks.count).max() ?? 0 }

    /// The worst comes first.
    private static let severity: [ExecutionState] = [.failed, .aborted, .running, .completed]

    private static func merged(_ rows: ArraySlice<Row>) -> Row {
        // For each part of the time the worst that ran in it.
        var worst = [Int](repeating: severity.count, count: sharedColumns)
        for bar in rows.lazy.flatMap(\.bars) {
            let rank = severity.firstIndex(of: bar.state) ?? severity.count - 1
            let first = min(Int(bar.start * Double(sharedColumns)), sharedColumns - 1)
            let last = min(Int((bar.start + bar.length) * Double(sharedColumns)), sharedColumns - 1)
            for column in first...max(first, last) where rank < worst[column] { worst[column] = rank }
        }
        var bars: [Bar] = []
        var column = 0
        while column < sharedColumns {
            let first = column
            while column < sharedColumns, worst[column] == worst[first] { column += 1 }
            guard worst[first] < severity.count else { continue }
            bars.append(
                Bar(
                    start: Double(first) / Double(sharedColumns),
                    length: Double(column - first) / Double(sharedColumns),
                    state: severity[worst[first]]
                )
            )
        }
        return Row(tasks: rows.flatMap(\.tasks), bars: bars)
    }

    /// The step between marks of the axis, so that there are 3 to 7 of them.
    var step: Duration {
        let least = span / .seconds(1) / 7
        if let step = Self.steps.first(where: { $0 >= least }) { return Duration(nearestTo: step) }
        return .seconds((least / 86_400).rounded(.up) * 86_400)
    }

    /// Steps that people count in, in seconds.
    private static let steps: [Double] = [
        0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600,
        7_200, 10_800, 21_600, 43_200,
    ]
}
