import FlowmancerCore
import FlowmancerNotifications
import FoundationEssentials

/// A run of three tasks, and what happens in it.
struct Fixture {
    var run: RunInfo
    var summary: RunSummary
    let start = Date(timeIntervalSince1970: 1_714_557_600)

    init(isRestart: Bool = false, resumeCommand: String? = "cd /work && ./app -j job.yaml -r", tasks: Int = 3) {
        var job = JobDefinition(name: "nightly")
        for number in 0..<tasks { job.tasks["t\(number)"] = TaskDefinition("X") }
        run = RunInfo(
            job: job,
            isRestart: isRestart,
            startedAt: start,
            resumeCommand: resumeCommand,
            hostName: "web1"
        )
        summary = RunSummary(run)
    }

    mutating func log(_ task: String, _ lines: String..., attempt: Int = 1) {
        summary.apply(event(task, .start, attempt))
        for line in lines { summary.apply(event(task, .line, attempt, line)) }
        summary.apply(event(task, .end, attempt))
    }

    mutating func move(
        _ task: String,
        in group: String? = nil,
        from: ExecutionState = .running,
        to state: ExecutionState,
        attempt: Int = 1,
        isAllowed: Bool = false
    ) {
        summary.apply(
            ExecutionEvent(
                jobName: "nightly",
                taskName: task,
                groupName: group,
                timestamp: start,
                attempt: attempt,
                from: from,
                to: state,
                isAllowedFailure: isAllowed
            )
        )
    }

    func message(_ moment: NotificationMoment, after seconds: Double = 0) -> NotificationMessage {
        NotificationMessage(NotificationWording(moment, summary, now: start.addingTimeInterval(seconds)))
    }

    private func event(
        _ task: String,
        _ kind: TaskLogEvent.Kind,
        _ attempt: Int,
        _ message: String = ""
    ) -> TaskLogEvent {
        TaskLogEvent(
            jobName: "nightly",
            taskName: task,
            timestamp: start,
            attempt: attempt,
            kind: kind,
            message: message
        )
    }
}
