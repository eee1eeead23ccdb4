/// Something about a run that people should know and that is no task's output.
package enum RunNotice: Sendable {
    /// What a restarted run will do.
    case restarting(ResumePlan)
    /// `--restart` was given, but nothing is stored.
    case nothingToRestart(job: String)
    case pluginFailed(String, String)
    case pluginErrors(String, count: Int)
    case pluginDropped(String, count: Int)
    case pluginSlow(String, step: String, Duration)
    /// The system gives no more processes or files.
    case workersLimited(String, count: Int)
    /// Progress cannot be stored for now.
    case checkpointFailing(String)
    case checkpointRecovered
    /// The run is being aborted; these tasks are waited for.
    case aborting(running: [String], grace: Duration)
    case killing(running: [String])
}

extension RunNotice {
    /// Whether the notice is about something that went wrong.
    package var isWarning: Bool {
        switch self {
        case .restarting, .nothingToRestart, .checkpointRecovered, .aborting, .killing: false
        default: true
        }
    }

    /// The notice in words: one or more lines.
    package var text: String {
        switch self {
        case .restarting(let plan):
            plan.description
        case .nothingToRestart(let job):
            "No checkpoint is stored for the job '\(job)': it starts from the beginning."
        case .pluginFailed(let name, let error):
            "\(name) failed; the job goes on without regard to it. \(error)"
        case .pluginErrors(let name, let count):
            "\(name) failed \(count) times in all."
        case .pluginDropped(let name, let count):
            "\(name) was too slow: \(count) events were not handed to it."
        case .pluginSlow(let name, let step, let patience):
            "\(name) took longer than \(patience.text) for \(step); it is not waited for."
        case .workersLimited(let error, let count):
            "The system gives no more worker processes (\(error)); the job goes on with \(count)."
        case .checkpointFailing(let error):
            "Progress cannot be stored: \(error). The job goes on, and storing is tried again; "
                + "if it ends before that succeeds, a restart may repeat tasks."
        case .checkpointRecovered:
            "Progress is being stored again; nothing is missing."
        case .aborting(let running, let grace):
            running.isEmpty
                ? "Aborting."
                : "Aborting: waiting up to \(grace.text) for \(Self.list(running)). Press Ctrl-C again to kill."
        case .killing(let running):
            "Killing \(Self.list(running))."
        }
    }

    /// The notice without the secrets that an error may have put into it.
    func masked(by masker: SecretMasker?) -> RunNotice {
        switch self {
        case .pluginFailed(let name, let error): .pluginFailed(name, masker.mask(error))
        case .workersLimited(let error, let count): .workersLimited(masker.mask(error), count: count)
        case .checkpointFailing(let error): .checkpointFailing(masker.mask(error))
        case .restarting, .nothingToRestart, .pluginErrors, .pluginDropped, .pluginSlow, .checkpointRecovered,
            .aborting, .killing:
            self
        }
    }

    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(5).joined(separator: ", ")
        return names.count > 5 ? "\(shown) and \(names.count - 5) more tasks" : shown
    }
}

extension Duration {
    /// The duration as people read it: "10 s", "0.5 s".
    package var text: String {
        let seconds = self / .seconds(1)
        return seconds == seconds.rounded() ? "\(Int(seconds)) s" : "\((seconds * 1_000).rounded() / 1_000) s"
    }
}
