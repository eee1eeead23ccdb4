import FlowmancerCore
import FoundationEssentials
import Testing

@testable import FlowmancerTelemetry

@Suite struct MetricsTests {
    private let start = Date(timeIntervalSince1970: 1_000)

    private func event(
        _ task: String,
        _ from: ExecutionState,
        _ to: ExecutionState,
        at seconds: Double = 0,
        attempt: Int = 1
    ) -> ExecutionEvent {
        ExecutionEvent(
            jobName: "nightly",
            taskName: task,
            timestamp: start.addingTimeInterval(seconds),
            attempt: attempt,
            from: from,
            to: to
        )
    }

    /// Two tasks: one completes after it was tried twice, the other one fails.
    private func run(named name: String = "nightly") -> RunMetrics {
        var metrics = RunMetrics(jobName: name, startedAt: start)
        for task in ["a", "b", "c"] { _ = metrics.apply(event(task, .initial, .pending)) }
        _ = metrics.apply(event("a", .pending, .running, at: 1))
        _ = metrics.apply(event("b", .pending, .running, at: 1))
        _ = metrics.apply(event("a", .running, .pending, at: 3))
        _ = metrics.apply(event("a", .pending, .running, at: 4, attempt: 2))
        _ = metrics.apply(event("a", .running, .completed, at: 4.25, attempt: 2))
        _ = metrics.apply(event("b", .running, .failed, at: 100_001))
        _ = metrics.apply(event("c", .pending, .defaulted, at: 100_001))
        return metrics
    }

    @Test func attemptsAreCountedByOutcome() {
        let metrics = run()
        #expect(metrics.attempts == [.retried: 1, .completed: 1, .failed: 1])
        #expect(metrics.running == 0)
        #expect(metrics.count(.completed) == 1)
        #expect(metrics.count(.pending) == 0)
        #expect(metrics.durations.count == 3)
        #expect(metrics.durations.sum == 100_002.25)
    }

    @Test func allowedFailuresAreCountedBesides() {
        var metrics = run()
        #expect(!PrometheusText.text(of: metrics, now: start).contains("allowed"))
        var failure = event("d", .running, .failed)
        failure.isAllowedFailure = true
        _ = metrics.apply(failure)
        #expect(metrics.allowedFailures == 1 && metrics.count(.failed) == 2)
        let text = PrometheusText.text(of: metrics, now: start)
        #expect(text.contains("\nflowmancer_allowed_failures{job_name=\"nightly\"} 1\n"))
    }

    @Test func whatRunsIsCounted() {
        var metrics = RunMetrics(jobName: "j", startedAt: start)
        #expect(metrics.apply(event("a", .pending, .running)) == nil)
        #expect(metrics.running == 1)
        #expect(metrics.apply(event("a", .running, .aborted, at: 2)) == .init(outcome: .aborted, seconds: 2))
        #expect(metrics.running == 0)
        // A restart finds it done: no attempt.
        #expect(metrics.apply(event("b", .initial, .completed)) == nil)
    }

    @Test func theFileIsThatOfPrometheus() {
        var metrics = run(named: "a \"job\"\\\n")
        metrics.end(at: start.addingTimeInterval(90), isSuccess: false)
        let lines = PrometheusText.text(of: metrics, now: start).split(separator: "\n").map(String.init)
        let job = #"job_name="a \"job\"\\\n""#
        for line in [
            "# TYPE flowmancer_attempts_total counter", #"flowmancer_attempts_total{\#(job),outcome="completed"} 1"#,
            #"flowmancer_attempts_total{\#(job),outcome="aborted"} 0"#,
            "# TYPE flowmancer_attempt_duration_seconds histogram",
            #"flowmancer_attempt_duration_seconds_bucket{\#(job),le="0.1"} 0"#,
            #"flowmancer_attempt_duration_seconds_bucket{\#(job),le="0.5"} 1"#,
            #"flowmancer_attempt_duration_seconds_bucket{\#(job),le="5"} 2"#,
            #"flowmancer_attempt_duration_seconds_bucket{\#(job),le="+Inf"} 3"#,
            "flowmancer_attempt_duration_seconds_sum{\(job)} 100002.25",
            "flowmancer_attempt_duration_seconds_count{\(job)} 3", "flowmancer_running_attempts{\(job)} 0",
            #"flowmancer_tasks{\#(job),state="defaulted"} 1"#, "flowmancer_job_start_time_seconds{\(job)} 1000",
            "flowmancer_job_duration_seconds{\(job)} 90", "flowmancer_job_end_time_seconds{\(job)} 1090",
            "flowmancer_job_success{\(job)} 0",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
        #expect(Set(lines).count == lines.count)
        for line in lines where !line.hasPrefix("#") {
            let name = line.prefix { $0 != "{" }.replacing(/_(bucket|sum|count)$/, with: "")
            let family = lines.contains("# HELP \(name) ") || lines.contains { $0.hasPrefix("# HELP \(name) ") }
            #expect(family, "\(line)")
        }
    }

    /// A quote with an accent is another character than a quote.
    @Test func everyScalarThatNeedsItIsEscaped() {
        let metrics = run(named: "\"\u{301}\\\u{301}\r\n\n\u{301}")
        let lines = PrometheusText.text(of: metrics, now: start).unicodeScalars.split(separator: "\n").map(String.init)
        let expected = "flowmancer_running_attempts{job_name=\"\\\"\u{301}\\\\\u{301}\r\\n\\n\u{301}\"} 0"
        #expect(lines.contains { $0.unicodeScalars.elementsEqual(expected.unicodeScalars) }, "\(lines)")
    }

    @Test func statsDHasTheJobInItsNames() {
        let text = StatsDText(jobName: "a.b:c|d é-1")
        let name = "flowmancer.a_b_c_d___-1"
        let attempt = RunMetrics.EndedAttempt(outcome: .failed, seconds: 1.25)
        #expect(text.lines(of: attempt) == "\(name).attempts.failed:1|c\n\(name).attempt_duration:1250|ms")
        #expect(text.line(running: 3) == "\(name).running:3|g")
        var metrics = run()
        metrics.end(at: start.addingTimeInterval(2), isSuccess: true)
        #expect(text.lines(ofEnd: metrics, now: start) == "\(name).runs.succeeded:1|c\n\(name).job_duration:2000|ms")
    }
}
