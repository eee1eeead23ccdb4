import Flowmancer
import FlowmancerCore
import FoundationEssentials

/// What a run tells its plug-ins and its test.
extension JobRehearsal {
    mutating func publish(_ transition: Transition) async {
        let (task, to) = (transition.task, transition.to)
        if roster.role(of: task).isGroup, !to.isFinal || scheduler.isGroupWithMembers(task) { return }
        let taken = transition.from == .running ? notes.take(of: task) : nil
        let failure = to == .completed ? nil : taken
        let reason = transition.reason?.text { roster.names[$0] }
        if to.isFinal, ends.wants(task) {
            // No logger writes files here.
            ends.note(EndedDependency(roster.names[task], transition, reason: reason, failure, log: nil), of: task)
        }
        let event = ExecutionEvent(
            runID: id,
            jobName: job.configuration.name,
            taskName: roster.names[task],
            groupName: roster.group(of: task).map { roster.names[$0] },
            timestamp: Date(),
            attempt: transition.attempt,
            // Nobody was told of the states of a group before.
            from: roster.role(of: task).isGroup ? .initial : transition.from,
            to: to,
            reason: reason,
            isAllowedFailure: to == .failed && scheduler.allowsFailure(of: task),
            failure: failure
        )
        events.append(event)
        await plugins.publish(event)
    }

    mutating func publish(remark: String, of task: Int, attempt: Int) async {
        notes.note(reason: TaskLifecycle.reason(from: remark), of: task)
        await publish(.line, LogLine(severity: .error, message: remark, metadata: [:]), of: task, attempt: attempt)
    }

    mutating func publish(
        _ kind: TaskLogEvent.Kind,
        _ line: LogLine? = nil,
        of task: Int,
        attempt: Int
    ) async {
        let event = TaskLogEvent(
            runID: id,
            jobName: job.configuration.name,
            taskName: roster.names[task],
            groupName: roster.group(of: task).map { roster.names[$0] },
            timestamp: Date(),
            attempt: attempt,
            kind: kind,
            severity: line?.severity ?? .info,
            message: line?.message ?? "",
            metadata: line?.metadata ?? [:]
        )
        log.append(event)
        await plugins.publish(event)
    }
}
