import Flowmancer
import FlowmancerCore

extension Dashboard {
    /// Returns the jobs that may be started, with their last runs.
    func listJobs() async throws -> JSONText {
        let starter = try jobs()
        var members = JSONMembers()
        var list: [(entry: JobDirectory.Entry, lastRun: KeptRun?)] = []
        for entry in try await starter.jobs.entries() {
            var query = RunQuery(limit: 1)
            query.job = entry.name
            list.append((entry, try await library.list(query).runs.first))
        }
        members.add("jobs", list) { item, members in
            members.object { members in
                members.add("file", item.entry.file)
                members.add("name", item.entry.name)
                members.add("tasks", item.entry.taskCount)
                members.add("problems", item.entry.issues) { issue, members in members.object(issue.add) }
                members.add("last_run", item.lastRun?.json.json ?? JSONText(rawValue: "null"))
            }
        }
        return members.json
    }

    /// Asks a run to abort.
    ///
    /// - Throws: ``Problem`` if the server shows runs only, if the run is over, or its process cannot be reached.
    func abort(_ id: RunID) async throws {
        _ = try jobs()
        let run = try await library.run(id).current().run
        let answer = run.request(.abort)
        guard case .told = answer else { throw Problem(.conflict, run.explanation(of: answer)) }
    }
}
