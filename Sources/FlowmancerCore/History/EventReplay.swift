import struct FoundationEssentials.Date

/// Makes the events of a run, as extensions got them, of those that a history keeps. A pure value.
///
/// A history leaves out that all tasks wait when a run begins, and when a group gets members; see ``RunShape``.
package struct EventReplay: Sendable {
    private let record: RunRecord
    private var nodes: RunNodes

    package init(_ record: RunRecord, _ shape: RunShape) {
        self.record = record
        nodes = RunNodes(shape)
    }

    /// The tasks wait that the run began with.
    package var beginning: [ExecutionEvent] { waiting(nodes.indices, at: record.startedAt) }

    /// Returns what an event told to extensions.
    package mutating func events(of event: RecordedEvent) -> [ExecutionEvent] {
        switch event.content {
        case .change(let change):
            let (node, new) = find([change.task], at: event.time)
            let event = ExecutionEvent(
                runID: record.id,
                jobName: record.jobName,
                taskName: change.task,
                groupName: nodes[node[0]].group.map { nodes[$0].name },
                timestamp: event.time,
                attempt: change.attempt,
                from: change.from,
                to: change.to,
                reason: change.reason,
                isAllowedFailure: change.isAllowedFailure,
                failure: change.failure,
                machine: change.machine
            )
            return new + [event]
        case .expanded(let expansion):
            return find([expansion.group] + expansion.nodes, at: event.time).new
        case .published, .ended, .unknown:
            return []
        }
    }

    /// Looks tasks and groups up. Those that the run did not have so far are added, and wait.
    private mutating func find(_ names: [String], at time: Date) -> (numbers: [Int], new: [ExecutionEvent]) {
        let first = nodes.count
        let numbers = names.map { nodes.number(of: $0) }
        return (numbers, first == nodes.count ? [] : waiting(first..<nodes.count, at: time))
    }

    /// Nobody is told of groups: their members speak for them, unless they end without any.
    private func waiting(_ numbers: Range<Int>, at time: Date) -> [ExecutionEvent] {
        numbers.lazy.filter { !nodes[$0].isGroup }.map { number in
            ExecutionEvent(
                runID: record.id,
                jobName: record.jobName,
                taskName: nodes[number].name,
                groupName: nodes[number].group.map { nodes[$0].name },
                timestamp: time,
                attempt: 0,
                from: .initial,
                to: .pending
            )
        }
    }
}
