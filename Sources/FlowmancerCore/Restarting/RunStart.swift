/// What a run begins with, for those who carry it out: its job alone, or also what an earlier run left.
///
/// A pure value, made of a plan. Tasks go by their numbers.
package struct RunStart: Sendable {
    /// For each task what the scheduler knows of it beforehand.
    package let origins: [TaskOrigin]
    /// The tasks whose ``FlowTask/onRestart()`` is called.
    package let restarted: Set<Int>
    /// The values of the shared dictionary.
    package let sharedDict: [String: JSONText]
    /// What an earlier run decided about tasks, and still holds.
    package let preparations: [Int: Preparation]
    /// What is stored of the tasks.
    package let progress: RecordedProgress

    /// - Parameters:
    ///   - run: The id of the run that begins.
    ///   - job: The job without its secrets.
    ///   - plan: What is done with each task.
    ///   - checkpoint: The checkpoint that the plan was made from.
    ///   - jobFile: The absolute path of the job file, if there is one.
    package init(
        of run: RunID,
        _ job: JobDefinition,
        _ plan: ResumePlan,
        from checkpoint: CheckpointContents?,
        jobFile: String? = nil
    ) {
        origins = plan.decisions.map(\.origin)
        restarted = Set(plan.decisions.indices.filter { plan.decisions[$0].isRestart })
        sharedDict = checkpoint?.sharedDict ?? [:]
        var header = CheckpointContents(name: job.configuration.name, runID: run, jobFile: jobFile)
        header.fingerprints.reserveCapacity(job.tasks.count)
        for (decision, (name, task)) in zip(plan.decisions, job.tasks) {
            // A task that is kept keeps the definition by which it completed.
            let earlier = decision.isKept ? checkpoint?.fingerprints[name] : nil
            header.fingerprints[name] = earlier ?? task.fingerprint
        }
        // What was decided about a task holds for the definition that it had.
        let present = header.fingerprints
        header.decisions =
            checkpoint?.decisions.filter { task, _ in
                present[task] != nil && present[task] == checkpoint?.fingerprints[task]
            } ?? [:]
        for (decision, name) in zip(plan.decisions, plan.names) where decision.origin == .completed {
            if let outputs = checkpoint?.outputs[name] { header.outputs[name] = outputs }
        }
        preparations = Self.preparations(job, plan, header.decisions)
        progress = RecordedProgress(job.tasks.keys.elements, plan.decisions, header: header)
    }

    private static func preparations(
        _ job: JobDefinition,
        _ plan: ResumePlan,
        _ decisions: [String: JSONText]
    ) -> [Int: Preparation] {
        var preparations: [Int: Preparation] = [:]
        for (name, record) in decisions {
            guard let task = job.tasks.index(forKey: name), case .run(let reason) = plan.decisions[task],
                // It reacts to something else now.
                reason != .dependencyRuns
            else { continue }
            let definition = job.tasks.values[task]
            guard let preparation = Preparation(earlier: record, of: definition) else { continue }
            // What a task publishes that runs again may be something else.
            if preparation.bindings != nil,
                job.sources(of: definition).contains(where: { plan.decisions[$0].origin == .fresh })
            {
                continue
            }
            preparations[task] = preparation
        }
        return preparations
    }

    /// What is stored before anything of the run happens.
    package var checkpoint: CheckpointContents { progress.contents(sharedDict: sharedDict) }
}
