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

    /// Why a restart does not use the checkpoint; `nil` if it does.
    package func refusal(job: String) -> JobRunError? {
        guard case .other(let path) = self else { return nil }
        return JobRunError(
            .checkpointOfOtherJob,
            "the checkpoint of the job '\(job.printable)' belongs to another job file, \(path.printable); no task was run. "
                + "Set 'config.name' to a different name in each file. To continue the other job, run -j \(path.printable) -r. "
                + "To use its checkpoint for this file, add --adopt-checkpoint; to remove it, add --discard-checkpoint"
        )
    }
}
