import FlowmancerCore
package import struct FoundationEssentials.Date

/// The text format of Prometheus, version 0.0.4.
package struct PrometheusText: Sendable {
    private var lines: [String] = []

    /// Returns the numbers of a run as a file that a collector reads.
    package static func text(of metrics: RunMetrics, now: Date) -> String {
        var text = PrometheusText()
        text.write(metrics, now: now)
        return text.lines.joined(separator: "\n") + "\n"
    }

    private mutating func write(_ metrics: RunMetrics, now: Date) {
        let job = ("job_name", metrics.jobName)
        begin("flowmancer_attempts_total", "counter", "Ended attempts of tasks, by outcome.")
        for outcome in RunMetrics.Outcome.allCases {
            let labels = [job, ("outcome", outcome.rawValue)]
            add("flowmancer_attempts_total", labels, Double(metrics.attempts[outcome] ?? 0))
        }
        write(metrics.durations, labels: [job])
        begin("flowmancer_running_attempts", "gauge", "Running attempts.")
        add("flowmancer_running_attempts", [job], Double(metrics.running))
        begin("flowmancer_tasks", "gauge", "Tasks of the job, by state.")
        for (state, name) in Self.states {
            add("flowmancer_tasks", [job, ("state", name)], Double(metrics.count(state)))
        }
        if metrics.allowedFailures > 0 {
            begin("flowmancer_allowed_failures", "gauge", "Failed tasks of the job that may fail.")
            add("flowmancer_allowed_failures", [job], Double(metrics.allowedFailures))
        }
        begin("flowmancer_job_start_time_seconds", "gauge", "The start of the run in seconds since 1970.")
        add("flowmancer_job_start_time_seconds", [job], metrics.startedAt.timeIntervalSince1970)
        begin("flowmancer_job_duration_seconds", "gauge", "The duration of the run until now, or until its end.")
        add("flowmancer_job_duration_seconds", [job], metrics.seconds(at: now))
        guard let ending = metrics.ending else { return }
        begin("flowmancer_job_end_time_seconds", "gauge", "The end of the run in seconds since 1970.")
        add("flowmancer_job_end_time_seconds", [job], ending.date.timeIntervalSince1970)
        begin("flowmancer_job_success", "gauge", "Whether the run succeeded: 1 or 0.")
        add("flowmancer_job_success", [job], ending.isSuccess ? 1 : 0)
    }

    private mutating func write(_ histogram: RunMetrics.Histogram, labels: [(String, String)]) {
        let name = "flowmancer_attempt_duration_seconds"
        begin(name, "histogram", "The duration of attempts.")
        var total = 0
        for (bound, count) in zip(RunMetrics.Histogram.bounds, histogram.counts) {
            total += count
            add("\(name)_bucket", labels + [("le", Self.number(bound))], Double(total))
        }
        add("\(name)_bucket", labels + [("le", "+Inf")], Double(histogram.count))
        add("\(name)_sum", labels, histogram.sum)
        add("\(name)_count", labels, Double(histogram.count))
    }

    private mutating func begin(_ name: String, _ type: String, _ help: String) {
        lines.append("# HELP \(name) \(help)")
        lines.append("# TYPE \(name) \(type)")
    }

    private mutating func add(_ name: String, _ labels: [(String, String)], _ value: Double) {
        let text = labels.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",")
        lines.append("\(name){\(text)} \(Self.number(value))")
    }

    /// The values of labels escape backslash, quote and line feed, and nothing else.
    private static func escaped(_ text: String) -> String {
        text.replacingScalars { scalar in
            switch scalar {
            case "\\": "\\\\"
            case "\"": "\\\""
            case "\n": "\\n"
            default: nil
            }
        }
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }
}
