package import FlowmancerCore

/// Looks at what is stored of a job's last run, through the job's own checkpointer, and changes nothing.
package enum StoredProgress {
    /// Why nothing could be read.
    package struct ReadError: Error, CustomStringConvertible {
        package let description: String
    }

    /// Returns what a restart of a valid job would find; `nil` if nothing is stored.
    ///
    /// The checkpointer is created and ended as for a run, but neither locked nor told how a run went.
    package static func read(of job: JobDefinition, catalog: TypeCatalog) async throws -> CheckpointContents? {
        let type = try catalog.checkpointer(named: job.checkpointer.variant).get()
        let checkpointer = try PluginOutsideOfRun.make(type, job.checkpointer, for: "checkpointer")
        let name = job.configuration.name
        let context = PluginOutsideOfRun.context(job.checkpointer, for: "checkpointer", of: job)
        // As long as a run waits for it.
        let limit = job.configuration.pluginGrace * 6
        let result = await PluginCalls("checkpointer", context: context).perform(within: limit) {
            try await read(name, from: checkpointer)
        }
        let masker = SecretTextMasker(job, catalog: catalog)
        guard let result else {
            throw ReadError(description: "the checkpointer took longer than \(limit.text) to read the checkpoint")
        }
        return try result.mapError { ReadError(description: masker.mask("\($0)")) }.get()
    }

    private static func read(_ name: String, from checkpointer: any FlowCheckpointer) async throws
        -> CheckpointContents?
    {
        try await checkpointer.onCreate()
        let result: Result<CheckpointContents?, any Error>
        do {
            result = .success(try await checkpointer.readCheckpoint(for: name))
        } catch is NoCheckpointAvailableError {
            result = .success(nil)
        } catch {
            result = .failure(error)
        }
        try? await checkpointer.onDestroy()
        return try result.get()
    }
}
