import FlowmancerEngine

/// Checks that there are files for what tasks name as their inputs.
enum ReuseInputCheck {
    /// Returns a warning for every pattern that matches nothing, unless another task produces the files.
    static func issues(of job: JobDefinition, appRoot: String) -> [JobIssue] {
        guard job.hasReuse else { return [] }
        let producers = ReuseProducers(job)
        var places: [(pattern: PathPattern, path: ParameterPath)] = []
        for (name, task) in job.tasks {
            guard let reuse = task.reuse else { continue }
            let path = ParameterPath("tasks", name, "reuse", "inputs")
            for (index, text) in Reuse.knownPaths(in: reuse.inputs).enumerated() {
                let pattern = PathPattern(text)
                guard producers.producers(of: pattern).isEmpty else { continue }
                places.append((pattern, reuse.inputs == .string(text) ? path : path.appending(index)))
            }
        }
        let unmatched = Set(ReuseInputs.unmatched(places.map(\.pattern), root: appRoot))
        return places.filter { unmatched.contains($0.pattern) }.map { pattern, path in
            let found = pattern.isPath ? "there is no file \(pattern.path)" : "no file matches \(pattern.text)"
            let reason =
                "\(found) (the path starts from the app root, \(appRoot)); "
                + "if another task makes it, name it in the 'produces' of that task"
            return JobIssue(.rejectedValue(reason: reason), at: path, severity: .warning).located(by: job.sourceMap)
        }
    }
}
