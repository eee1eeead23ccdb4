extension JobValidator {
    /// Checks a task that stands for a job of its own.
    mutating func checkSubJob(_ number: Int, _ task: TaskDefinition, at path: ParameterPath) {
        if scopes.tasks(of: number).isEmpty {
            report(.missingKey("tasks", expected: "at least one task"), at: path.appending("job"))
        }
        for key in TaskDefinition.keys.keys where !SubJob.keysBeside.contains(key.key) {
            var issues: [JobIssue] = []
            let isSet = key.isRequired ? !task.variant.isEmpty : key.write(task, { path }, &issues) != nil
            if isSet { report(.keyBesideJob(key.key), at: path.appending(key.key)) }
        }
    }

    /// Checks that a task which belongs to a sub-job is named like one of its tasks.
    mutating func checkParent(_ parent: String, of name: String, at path: ParameterPath) {
        let reason: String
        if job.tasks[parent]?.subJob == nil {
            reason = "its parent '\(parent)' is no sub-job of the job"
        } else if !name.utf8.starts(with: "\(parent)/".utf8) {
            reason = "a task of '\(parent)' has to be called '\(parent)/…'"
        } else {
            return
        }
        report(.unsafeName(name, reason: reason), at: path)
    }
}

extension SubJob {
    /// The keys of a task that may stand beside `job`.
    package static let keysBeside: Set = [
        "job", "variables", "dependencies", "run_if", "when", "for_each", "allow_failure", "priority", "executor",
    ]
}
