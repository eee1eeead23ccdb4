import FlowmancerCore
import struct FoundationEssentials.Date

/// How a run ends: by itself, by an abort, and at last for its plug-ins, too.
extension RunLoop {
    var isFinished: Bool { if case .finished = stage { true } else { false } }

    /// Ends the run early: the first call cancels what runs, the next one kills it.
    func abort() {
        guard !isFinished else { return }
        pool.takeReports()
        // What workers took up is running, also if that was not decided on yet.
        turn()
        let names = running.sorted().map { graph.names[$0] }
        switch stage {
        case .running:
            stage = .cancelling(grace: nil)
            report(.aborting(running: names, grace: job.configuration.abortGrace))
            post(.event(.abort))
            turn()
        case .cancelling:
            report(.killing(running: names))
            killRunning("It was killed on request.")
        case .killing, .finished:
            break
        }
    }

    /// Begins the time that what runs has to end, with the first cancellation on account of the abort: a journal that is
    /// being started anew may hold that up.
    func beginAbortGrace() {
        guard case .cancelling(grace: nil) = stage else { return }
        let grace = job.configuration.abortGrace
        let timer = loop.schedule(after: grace) { [self] in
            killRunning("It did not end within the grace period of \(grace.text), so it was killed.")
        }
        stage = .cancelling(grace: timer)
    }

    private func killRunning(_ remark: String) {
        enter(.killing)
        pool.takeReports()
        // What workers took up is running, also if that was not decided on yet.
        turn()
        deadlines.endAll()
        for task in running.sorted() { pool.kill(task: task, remark: remark) }
    }

    /// No task runs any more. Plug-ins still do, and what they write is recorded until ``seal()``.
    func finish(_ result: Result<[ExecutionState], JobRunError>) {
        guard !isFinished else { return }
        enter(.finished)
        shared.dismissAll()
        output.stop()
        deadlines.endAll()
        pool.shutDown()
        for notice in lateLines.totals { report(notice) }
        events.publish(RunEnd(run: run.id, time: Date(), result: result))
        finished(result)
    }

    private func enter(_ next: Stage) {
        if case .cancelling(let grace?) = stage { grace.cancel() }
        stage = next
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
