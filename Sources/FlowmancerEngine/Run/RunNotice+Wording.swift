package import FlowmancerCore

// What the engine tells people during a run, in words.
extension RunNotice {
    /// What a restarted run will do.
    static func restarting(_ plan: ResumePlan, _ start: RunStart) -> RunNotice {
        let groups = start.expansions.sorted { $0.key < $1.key }.map(\.value)
        return note(.restarting, plan.text(with: groups))
    }

    /// A group expanded anew, and lacks items that it had.
    static func itemsGone(_ items: [GoneItem], from group: String) -> RunNotice {
        let words = items.map { "\($0.name) (\($0.state?.description ?? "not begun"))" }
        let text =
            "'\(group.printable)' has no longer all items of the earlier run. Gone, with their last states: "
            + words.listed(atMost: 20)
        return note(.itemsGone, text, tasks: items.map(\.name))
    }

    static func nothingToRestart(job: String) -> RunNotice {
        note(.nothingToRestart, "No checkpoint is stored for the job '\(job.printable)'. It starts from the beginning.")
    }

    static func checkpointDiscarded(job: String, hadAny: Bool) -> RunNotice {
        let text =
            hadAny
            ? "The checkpoint of the job '\(job.printable)' was removed, as you asked. The job starts from the beginning."
            : "There is no checkpoint of the job '\(job.printable)' to remove. The job starts from the beginning."
        return note(.checkpointDiscarded, text)
    }

    // MARK: Checkpoints

    /// A restarted run continues from a checkpoint that was written for another path.
    package static func checkpointFrom(_ origin: CheckpointOrigin) -> RunNotice {
        let text =
            switch origin {
            case .same: "The checkpoint belongs to this job file."
            case .moved(let path):
                "The checkpoint was written for \(path.printable), which no longer exists: the job file was moved."
            case .copy(let path):
                "The checkpoint was written for \(path.printable), a copy of this job file."
            case .other(let path):
                "The checkpoint was written for another job file, \(path.printable). "
                    + "It is used because of --adopt-checkpoint."
            case .stranger:
                "The checkpoint was written for another job. It is used because of --adopt-checkpoint."
            }
        return note(.checkpointOfOtherFile, text)
    }

    /// A run that does not restart replaces the checkpoint of another job file.
    static func checkpointReplaced(job: String, file: String, completed: Int, total: Int) -> RunNotice {
        warning(
            .checkpointOfOtherFile,
            "This run replaces the checkpoint of another job file, \(file.printable), which has the same name, "
                + "'\(job.printable)' (\(completed) of its \(total) tasks had completed). "
                + "Set 'config.name' to a different name in each file.",
            plugin: "checkpointer"
        )
    }

    /// What is stored when the last checkpoint could not be.
    enum CheckpointRest {
        /// The run succeeded, and its checkpoint should have been removed.
        case leftOver
        /// A journal with every step.
        case journal
        /// An earlier state.
        case outdated
    }

    static func checkpointFailing(_ error: String) -> RunNotice {
        warning(
            .checkpointFailing,
            "Progress cannot be stored: \(error). The job continues, and storing is retried. "
                + "If the job ends before that succeeds, a restart may repeat tasks.",
            plugin: "checkpointer"
        )
    }

    static var checkpointRecovered: RunNotice {
        note(.checkpointRecovered, "Progress is stored again, and is complete.", plugin: "checkpointer")
    }

    static func checkpointNotFinished(_ error: String, _ rest: CheckpointRest) -> RunNotice {
        let text =
            switch rest {
            case .leftOver: "The job succeeded, but its checkpoint could not be removed: \(error)."
            case .journal:
                "The last checkpoint could not be written: \(error). A restart loses nothing: the journal has every step."
            case .outdated:
                "The last progress could not be stored: \(error). "
                    + "A restart continues from an earlier checkpoint, and may repeat tasks."
            }
        return warning(.checkpointNotFinished, text, plugin: "checkpointer")
    }

    // MARK: Plug-ins

    static func pluginFailed(_ plugin: String, _ error: String) -> RunNotice {
        warning(.pluginFailed, "\(plugin.printable) failed. The job continues. \(error)", plugin: plugin)
    }

    /// - Parameter last: The last error, if it is not the first one again.
    static func pluginErrors(_ plugin: String, count: Int, last: String?) -> RunNotice {
        let text = "\(plugin.printable) failed \(count) times in total." + (last.map { " The last error: \($0)" } ?? "")
        return warning(.pluginErrors, text, plugin: plugin)
    }

    static func pluginDropped(_ plugin: String, count: Int) -> RunNotice {
        let events = count == 1 ? "1 event" : "\(count) events"
        return warning(.pluginDropped, "\(plugin.printable) was too slow. It did not get \(events).", plugin: plugin)
    }

    static func pluginSlow(_ plugin: String, step: String, _ patience: Duration) -> RunNotice {
        let limit = patience.rounded.text
        return warning(
            .pluginSlow,
            "\(plugin.printable) took longer than \(limit) for \(step). The job no longer waits for it.",
            plugin: plugin
        )
    }

    /// Tasks no longer wait for this logger.
    static func loggerTooSlow(_ plugin: String) -> RunNotice {
        warning(
            .pluginSlow,
            "\(plugin.printable) is too slow. Tasks no longer wait for it, and it does not get all lines.",
            plugin: plugin
        )
    }

    // MARK: History

    /// The history does not take the run at all.
    static func historyUnavailable(_ error: String) -> RunNotice {
        warning(
            .historyFailing,
            "This run is not recorded in the history: \(error). The job continues.",
            plugin: "history"
        )
    }

    /// The history did not take what happened.
    static func historyFailing(_ error: String) -> RunNotice {
        warning(
            .historyFailing,
            "The history of this run is incomplete: \(error). "
                + "The job continues, and recording is retried until it ends.",
            plugin: "history"
        )
    }

    // MARK: Workers

    /// The system gives no more processes or files.
    static func workersLimited(_ error: String, count: Int) -> RunNotice {
        let rest =
            switch count {
            case ...0: "No worker runs at the moment"
            case 1: "The job continues with 1 worker"
            default: "The job continues with \(count) workers"
            }
        return warning(
            .workersLimited,
            "The system allows no more worker processes (\(error)). \(rest), and tries again from time to time."
        )
    }

    /// The process that keeps the workers ended, and all workers with it.
    static func keeperLost(_ end: String) -> RunNotice {
        warning(
            .keeperLost,
            "The keeper process \(end), and all workers ended with it. Running attempts have failed. A new keeper is started."
        )
    }

    // MARK: Tasks

    /// Something that an attempt had started logged a line after the attempt had ended.
    static func loggedTooLate(task: String, attempt: Int, line: String) -> RunNotice {
        warning(
            .loggedTooLate,
            "The task '\(task.printable)' (attempt \(attempt)) logged a line after it had ended: \(line.printable)\n"
                + "The line is in no log. Wait for everything that the task starts before 'run' returns.",
            tasks: [task]
        )
    }

    static func loggedTooLateInAll(task: String, attempt: Int, count: Int) -> RunNotice {
        let text = "The task '\(task.printable)' (attempt \(attempt)) logged \(count) lines after it had ended."
        return warning(.loggedTooLate, text, tasks: [task])
    }

    /// - Parameter limit: How many tasks have failed.
    static func tooManyFailures(limit: Int, notStarted count: Int) -> RunNotice {
        let failures = limit == 1 ? "1 task has failed" : "\(limit) tasks have failed"
        let rest = count == 1 ? "1 task does not start" : "\(count) tasks do not start"
        return warning(.tooManyFailures, "\(failures), the most that max_failures allows. \(rest).")
    }

    // MARK: Reuse

    /// Tasks that did not run.
    static func upToDate(_ tasks: [String]) -> RunNotice {
        note(.upToDate, "Up to date, not run: \(tasks.listed(atMost: 20)).", tasks: tasks)
    }

    /// Why a task that completed runs again the next time.
    enum ReuseObstacle {
        case sharing
        case files(ReuseStore.RecordFailure)
    }

    static func notReusable(_ task: String, because obstacle: ReuseObstacle) -> RunNotice {
        let reason =
            switch obstacle {
            case .sharing: "it used the shared dictionary, which 'reuse' does not know of"
            case .files(.inputs(let problem)): "its input \(problem)"
            case .files(.inputChanged(.changed(let path))): "its input \(path) changed while it ran"
            case .files(.inputChanged(.added(let path))): "its input \(path) appeared while it ran"
            case .files(.inputChanged(.removed(let path))): "its input \(path) disappeared while it ran"
            case .files(.products(let problem)): "of what it should produce, \(problem)"
            case .files(.unwritable(let reason)): "its record cannot be written: \(reason)"
            }
        let text = "The task '\(task.printable)' completed, but runs again the next time: \(reason)."
        return warning(.notReusable, text, tasks: [task])
    }

    static func reuseUnavailable(_ reason: String) -> RunNotice {
        warning(.reuseUnavailable, "Tasks with 'reuse' run, whether they are up to date or not: \(reason).")
    }

    /// `--force` names tasks that a restart keeps.
    static func forceWithoutEffect(_ tasks: [String]) -> RunNotice {
        let text = "--force has no effect on what completed before a restart: \(tasks.listed(atMost: 20)). "
        return warning(.forceWithoutEffect, text + "Run the job without -r to run it again.", tasks: tasks)
    }

    // MARK: The end

    static func aborting(running: [String], grace: Duration) -> RunNotice {
        let text =
            running.isEmpty
            ? "Aborting."
            : "Aborting: waiting up to \(grace.text) for \(running.listed(atMost: 5)). Press Ctrl-C again to kill now."
        return note(.aborting, text, tasks: running, grace: grace)
    }

    static func timeLimitExceeded(_ limit: Duration, running: [String], grace: Duration) -> RunNotice {
        let rest =
            running.isEmpty
            ? "" : ", waiting up to \(grace.text) for \(running.listed(atMost: 5)). Press Ctrl-C to kill now"
        let text = "The run has exceeded its time limit of \(limit.text) and is aborted\(rest)."
        return RunNotice(.timeLimitExceeded, .warning, text.printableLines, tasks: running, grace: grace)
    }

    static func killing(running: [String]) -> RunNotice {
        let text =
            running.isEmpty ? "No task is running any more. The job ends." : "Killing \(running.listed(atMost: 5))."
        return note(.killing, text, tasks: running)
    }

    // MARK: Forms

    static func note(
        _ code: Code,
        _ text: String,
        tasks: [String] = [],
        plugin: String? = nil,
        grace: Duration? = nil
    ) -> RunNotice {
        RunNotice(code, .info, text.printableLines, tasks: tasks, plugin: plugin, grace: grace)
    }

    static func warning(
        _ code: Code,
        _ text: String,
        tasks: [String] = [],
        plugin: String? = nil
    ) -> RunNotice {
        RunNotice(code, .warning, text.printableLines, tasks: tasks, plugin: plugin)
    }
}
