import CoreMetrics

/// Hands the numbers of a run to the backend that the program chose for swift-metrics; without one, to nobody.
struct BackendMetrics {
    private let attempts: [RunMetrics.Outcome: Counter]
    private let attemptDuration: Timer
    private let running: Gauge
    private let jobDuration: Timer

    init(jobName: String) {
        let job = ("job_name", jobName)
        let counters = RunMetrics.Outcome.allCases.map { outcome in
            (outcome, Counter(label: "flowmancer_attempts_total", dimensions: [job, ("outcome", outcome.rawValue)]))
        }
        attempts = Dictionary(uniqueKeysWithValues: counters)
        attemptDuration = Timer(label: "flowmancer_attempt_duration_seconds", dimensions: [job])
        running = Gauge(label: "flowmancer_running_attempts", dimensions: [job])
        jobDuration = Timer(label: "flowmancer_job_duration_seconds", dimensions: [job])
    }

    func record(_ attempt: RunMetrics.EndedAttempt) {
        attempts[attempt.outcome]?.increment()
        attemptDuration.recordSeconds(attempt.seconds)
    }

    func record(running count: Int) {
        running.record(count)
    }

    func record(jobSeconds seconds: Double) {
        jobDuration.recordSeconds(seconds)
    }
}
