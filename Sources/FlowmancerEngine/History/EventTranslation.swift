import FlowmancerCore
import FlowmancerSystem

/// Makes the events that a history keeps of those of a run. A pure value.
struct EventTranslation {
    /// A longer reason of a run's end is cut: who lists runs reads it.
    private static let longestReason = 2_000

    private var lastNumber = 0

    /// Returns what is kept of an event; `nil` if nothing is.
    mutating func translate(_ event: RunEvent) -> RecordedEvent? {
        switch event.content {
        case .began, .output:
            return nil
        case .state(let change):
            // All tasks do that when the run begins.
            guard change.from != .initial || change.to != .pending else { return nil }
            let recorded = StateChange(
                task: change.taskName,
                attempt: change.attempt,
                from: change.from,
                to: change.to,
                reason: change.reason,
                isAllowedFailure: change.isAllowedFailure,
                failure: change.failure,
                machine: change.machine
            )
            return RecordedEvent(number: next(), time: change.timestamp, recorded)
        case .published(let publication):
            let recorded = Publication(task: publication.taskName, values: publication.values)
            return RecordedEvent(number: next(), time: publication.timestamp, recorded)
        case .expanded(let expansion):
            return RecordedEvent(number: next(), time: expansion.time, expansion.expansion)
        case .ended(let end):
            return RecordedEvent(number: next(), time: end.time, Self.conclusion(end))
        }
    }

    private mutating func next() -> Int {
        lastNumber += 1
        return lastNumber
    }

    private static func conclusion(_ end: RunEnd) -> RunConclusion {
        let state: RunState =
            switch RunEnding(end.result) {
            case .success: .succeeded
            case .failure: .failed
            case .abort: .aborted
            }
        switch end.result {
        case .success(let outcome):
            return RunConclusion(
                state: state,
                counts: outcome.states.reduce(into: [:]) { $0[$1, default: 0] += 1 },
                allowedFailures: outcome.allowedFailures.count,
                reason: outcome.exceededLimit.map { "it exceeded its time limit of \($0.text)" }
            )
        case .failure(let error):
            return RunConclusion(state: state, reason: String(error.description.prefix(longestReason)))
        }
    }
}

extension RunRecord {
    /// Describes a run that begins. Its loggers have begun already.
    init(_ info: RunInfo) {
        self.init(
            id: info.id,
            jobName: info.job.configuration.name,
            jobFile: info.jobFile,
            program: info.program.path,
            programVersion: info.program.version,
            flowmancerVersion: info.program.flowmancerVersion,
            hostName: info.hostName,
            process: .current,
            directory: FileSystem.currentDirectory ?? "",
            startedAt: info.startedAt,
            isRestart: info.isRestart,
            continuedRun: info.continuedRun,
            retriedRun: info.retriedRun,
            resumeCommand: info.resumeCommand,
            logDirectories: info.logFiles.directories
        )
    }
}
