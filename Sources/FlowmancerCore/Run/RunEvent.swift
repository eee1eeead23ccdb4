package import struct FoundationEssentials.Date

/// Something that happened in a run. All events of a run are one stream, and whoever observes the run is a sink of it.
///
/// The journal of the checkpoint is no sink. The run loop records a step before it acts on it, and publishing is a part
/// of acting: what a sink is told has been recorded, and what was recorded last may never be told.
package struct RunEvent: Sendable {
    /// The place of the event in the stream, from 1. Whoever gets all kinds of events sees by a gap that some were lost.
    package let number: Int
    package let content: Content

    /// What happened.
    package enum Content: Sendable {
        indirect case began(RunBeginning)
        /// A task changed its state.
        case state(ExecutionEvent)
        /// An attempt began, wrote a line, or ended.
        case output(TaskLogEvent)
        /// A task published values, and completed.
        indirect case published(OutputEvent)
        /// A group got members that the run did not have so far.
        indirect case expanded(ExpansionEvent)
        /// No task will run any more.
        indirect case ended(RunEnd)
    }

    package init(number: Int, _ content: Content) {
        self.number = number
        self.content = content
    }

    /// The id of the run.
    package var run: RunID {
        switch content {
        case .began(let beginning): beginning.info.id
        case .state(let event): event.runID
        case .output(let event): event.runID
        case .published(let event): event.runID
        case .expanded(let event): event.run
        case .ended(let end): end.run
        }
    }

    /// When it happened.
    package var time: Date {
        switch content {
        case .began(let beginning): beginning.info.startedAt
        case .state(let event): event.timestamp
        case .output(let event): event.timestamp
        case .published(let event): event.timestamp
        case .expanded(let event): event.time
        case .ended(let end): end.time
        }
    }
}

/// How a run begins.
package struct RunBeginning: Sendable {
    /// The job without its secrets, and all else that plug-ins may know.
    package let info: RunInfo
    /// The tasks and groups, as far as they are known.
    package let roster: TaskRoster

    package init(info: RunInfo, roster: TaskRoster) {
        self.info = info
        self.roster = roster
    }
}

/// A group that got members.
package struct ExpansionEvent: Sendable {
    package let run: RunID
    package let time: Date
    package let expansion: Expansion

    package init(run: RunID, time: Date, _ expansion: Expansion) {
        self.run = run
        self.time = time
        self.expansion = expansion
    }
}

/// How a run ended.
package struct RunEnd: Sendable {
    package let run: RunID
    package let time: Date
    /// How the tasks ended; the error of a run that could not go on.
    package let result: Result<RunOutcome, JobRunError>

    package init(run: RunID, time: Date, result: Result<RunOutcome, JobRunError>) {
        self.run = run
        self.time = time
        self.result = result
    }
}
