package import FlowmancerCore

/// Looks at the kept runs of a job, through the job's own history.
package enum StoredHistory {
    /// Uses the history of a valid job. It is created and ended as for a run.
    package static func use<Value: Sendable>(
        of job: JobDefinition,
        catalog: TypeCatalog,
        _ body: (any FlowHistory) async throws -> Value
    ) async throws -> Value {
        let type = try catalog.history(named: job.history.variant).get()
        let history = try PluginOutsideOfRun.make(type, job.history, for: "history")
        let context = PluginOutsideOfRun.context(job.history, for: "history", of: job)
        return try await FlowContext.$taskLocal.withValue(context) {
            try await history.onCreate()
            let result: Result<Value, any Error>
            do { result = .success(try await body(history)) } catch { result = .failure(error) }
            try? await history.onDestroy()
            return try result.get()
        }
    }

    /// Reads how long the tasks of a valid job took in its last runs.
    ///
    /// - Parameter run: Only runs before this one count.
    package static func durations(
        of job: JobDefinition,
        catalog: TypeCatalog,
        before run: RunID? = nil
    ) async throws -> TaskDurations {
        try await use(of: job, catalog: catalog) { history in
            try await TaskDurations.read(of: job.configuration.name, from: history, before: run)
        }
    }
}
