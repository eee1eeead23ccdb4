import FlowmancerCore
import struct FoundationEssentials.Date

/// How a run ends: by itself, by an abort, and at last for its plug-ins, too.
extension RunLoop {
    /// Ends the run early: the first call cancels what runs, the next one kills it.
    func abort() {
        guard !isFinished else { return }
        pool.takeReports()
        // What workers took up is running, also if that was not decided on yet.
        turn()
        urge(.abort)
    }

    /// No task runs any more. Plug-ins still do, and what they write is recorded until ``seal()``.
    func finish(_ result: Result<RunOutcome, JobRunError>) {
        guard !isFinished else { return }
        isFinished = true
        shared.dismissAll()
        output.stop()
        reuse?.close()
        for timer in timers.values { timer.cancel() }
        timers = [:]
        pool.shutDown()
        for notice in lateLines.totals { report(notice) }
        if let tasks = reuse?.upToDate, !tasks.isEmpty { report(.upToDate(tasks.sorted().map { roster.names[$0] })) }
        events.publish(RunEnd(run: run.id, time: Date(), result: result))
        finished(result)
    }

    /// What is left of a run to be stored.
    struct Remains: Sendable {
        var progress: CheckpointContents
        var journal: (any CheckpointJournal)?
        /// Whether the journal lacks steps.
        var isBehind: Bool
    }

    /// Ends the recording: every write to the shared dictionary that was acknowledged is in what this returns, and no
    /// other will be acknowledged.
    func seal() -> Remains {
        turn()
        recorder.stop()
        shared.seal()
        // What could not be recorded in time is refused.
        turn()
        return Remains(progress: snapshot(), journal: recorder.journal, isBehind: recorder.isBehind)
    }
}
