package import FlowmancerCore

/// Which job file a checkpoint comes from, beside the one that is run now.
///
/// A name is not enough to tell two jobs apart: many job files have none, or are copies with changes.
package enum CheckpointOrigin: Sendable, Hashable {
    /// The same file, as far as that is known.
    case same
    /// A file that no longer exists: it was moved or renamed.
    case moved(from: String)
    /// Another file with the same text, as in a new checkout of a project.
    case copy(of: String)
    /// Another job file.
    case other(String)
    /// Another job, as far as its tasks tell, from a file that cannot be compared; `nil` if it was not read from a file.
    case stranger(String?)

    /// Compares two files.
    ///
    /// - Parameters:
    ///   - recorded: The path in the checkpoint.
    ///   - present: The path of the job file that is run.
    ///   - compare: Looks at the files.
    package init(
        recorded: String?,
        present: String?,
        compare: (_ recorded: String, _ present: String) -> JobFileComparison = JobFileComparison.init
    ) {
        guard let recorded, let present, !recorded.utf8.elementsEqual(present.utf8) else {
            // The same path is the same job, also if the file was edited or replaced.
            self = .same
            return
        }
        self =
            switch compare(recorded, present) {
            case .sameFile: .same
            case .missing: .moved(from: recorded)
            case .sameText: .copy(of: recorded)
            case .different: .other(recorded)
            }
    }

    /// Judges the checkpoint of a job. Where files do not tell whether it is the same one, its tasks do.
    ///
    /// - Parameters:
    ///   - contents: The checkpoint.
    ///   - job: The job that is run, without its secrets.
    ///   - present: The path of its file, if it has one.
    package init(of contents: CheckpointContents, for job: JobDefinition, present: String?) {
        let origin = CheckpointOrigin(recorded: contents.jobFile, present: present)
        let isUnknown = if case .moved = origin { true } else { (contents.jobFile == nil) != (present == nil) }
        guard isUnknown else {
            self = origin
            return
        }
        let completed = contents.states.filter { $0.value == .completed }.keys
        let isShared = completed.contains { task in
            contents.fingerprints[task].map { $0 == job.tasks[task]?.fingerprint } ?? true
        }
        self = completed.isEmpty || isShared ? origin : .stranger(contents.jobFile)
    }

    /// Why a restart does not use the checkpoint; `nil` if it does.
    package func refusal(job: String) -> JobRunError? {
        let (other, resumption): (String, String)
        switch self {
        case .same, .moved, .copy:
            return nil
        case .other(let path):
            other = "another job file, \(path.printable)"
            resumption = "To continue the other job, run -j \(path.printable) -r. "
        case .stranger(let path):
            let job = path.map { "another job, of \($0.printable)" } ?? "another job, which was not read from a file"
            other = "\(job): no completed task is defined as in this one"
            resumption = ""
        }
        return JobRunError(
            .checkpointOfOtherJob,
            "the checkpoint of the job '\(job.printable)' belongs to \(other); no task was run. "
                + "Set 'config.name' to a different name in each file. \(resumption)"
                + "To use its checkpoint for this file, add --adopt-checkpoint; to remove it, add --discard-checkpoint"
        )
    }
}
