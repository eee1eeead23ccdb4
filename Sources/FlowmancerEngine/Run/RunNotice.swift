import FlowmancerCore

/// Something about a run that people should know and that is no task's output.
package enum RunNotice: Sendable {
    /// What a restarted run will do.
    case restarting(ResumePlan)
    /// `--restart` was given, but nothing is stored.
    case nothingToRestart(job: String)
    /// `--discard-checkpoint` was given.
    case checkpointDiscarded(job: String, hadAny: Bool)
    /// A restarted run continues from a checkpoint that another path wrote.
    case checkpointFrom(CheckpointOrigin)
    /// A run that does not restart replaces the checkpoint of another job file.
    case checkpointReplaced(job: String, file: String, completed: Int, total: Int)
    case pluginFailed(String, String)
    case pluginErrors(String, count: Int)
    case pluginDropped(String, count: Int)
    case pluginSlow(String, step: String, Duration)
    /// The system gives no more processes or files.
    case workersLimited(String, count: Int)
    /// Progress cannot be stored for now.
    case checkpointFailing(String)
    case checkpointRecovered
    /// The checkpoint could not be completed, or removed, at the end of the run.
    case checkpointNotFinished(String, CheckpointRest)
    /// The process that keeps the workers ended, and all workers with it.
    case keeperLost(String)
    /// Tasks no longer wait for this logger.
    case loggerTooSlow(String)
    /// The run is being aborted; these tasks are waited for.
    case aborting(running: [String], grace: Duration)
    case killing(running: [String])

    /// What is stored when the end of a run could not be.
    package enum CheckpointRest: Sendable {
        /// The run succeeded, and its checkpoint should have been removed.
        case leftOver
        /// A journal with every step.
        case journal
        /// What was stored some time before.
        case outdated
    }
}

extension RunNotice {
    /// Whether the notice is about something that went wrong.
    package var isWarning: Bool {
        switch self {
        case .restarting, .nothingToRestart, .checkpointDiscarded, .checkpointFrom, .checkpointRecovered, .aborting,
            .killing:
            false
        default: true
        }
    }

    /// The notice in words: one or more lines.
    package var text: String { wording.printableLines }

    private var wording: String {
        switch self {
        case .restarting(let plan):
            plan.description
        case .nothingToRestart(let job):
            "No checkpoint is stored for the job '\(job.printable)': it starts from the beginning."
        case .checkpointDiscarded(let job, hadAny: true):
            "The checkpoint of the job '\(job.printable)' was removed, as asked: it starts from the beginning."
        case .checkpointDiscarded(let job, hadAny: false):
            "No checkpoint of the job '\(job.printable)' is stored, so there is none to remove: it starts from the beginning."
        case .checkpointFrom(.same):
            "The checkpoint belongs to this job file."
        case .checkpointFrom(.moved(let path)):
            "The checkpoint was written for \(path.printable), which no longer exists: the job file was moved."
        case .checkpointFrom(.copy(let path)):
            "The checkpoint was written for \(path.printable), a copy of this job file."
        case .checkpointFrom(.other(let path)):
            "The checkpoint was written for another job file, \(path.printable), and is used as asked (--adopt-checkpoint)."
        case .checkpointReplaced(let job, let path, let completed, let total):
            "This run replaces the checkpoint of another job file, \(path.printable), which has the same name, "
                + "'\(job.printable)' (\(completed) of its \(total) tasks had completed). Set 'config.name' to a different name in each file."
        case .pluginFailed(let name, let error):
            "\(name.printable) failed; the job goes on without regard to it. \(error)"
        case .pluginErrors(let name, let count):
            "\(name.printable) failed \(count) times in all."
        case .pluginDropped(let name, let count):
            "\(name.printable) was too slow: \(count) events were not handed to it."
        case .pluginSlow(let name, let step, let patience):
            "\(name.printable) took longer than \(patience.rounded.text) for \(step); it is not waited for any longer."
        case .workersLimited(let error, let count):
            "The system gives no more worker processes (\(error)). "
                + (count > 0 ? "The job goes on with \(count)" : "There is none at the moment")
                + "; more are asked for from time to time."
        case .checkpointFailing(let error):
            "Progress cannot be stored: \(error). The job goes on, and storing is tried again; "
                + "if it ends before that succeeds, a restart may repeat tasks."
        case .checkpointRecovered:
            "Progress is being stored again; nothing is missing."
        case .checkpointNotFinished(let error, .leftOver):
            "The job succeeded, but its checkpoint could not be removed: \(error)."
        case .checkpointNotFinished(let error, .journal):
            "The last checkpoint could not be written: \(error). Every step was recorded before, so a restart loses nothing."
        case .checkpointNotFinished(let error, .outdated):
            "The last progress could not be stored: \(error). "
                + "A restart goes on from what was stored before, and may repeat tasks."
        case .keeperLost(let end):
            "The process that keeps the workers \(end): attempts that ran have failed. Another one is started."
        case .loggerTooSlow(let name):
            "\(name) is too slow: tasks no longer wait for it, and lines that it cannot take are left out."
        case .aborting(let running, let grace):
            running.isEmpty
                ? "Aborting."
                : "Aborting: waiting up to \(grace.text) for \(running.listed(atMost: 5)). Press Ctrl-C again to kill now."
        case .killing(let running):
            running.isEmpty ? "Nothing runs any more; the job is being ended." : "Killing \(running.listed(atMost: 5))."
        }
    }
}
