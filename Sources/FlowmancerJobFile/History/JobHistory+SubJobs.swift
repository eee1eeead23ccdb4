import FlowmancerCore

extension JobHistory {
    /// Adds the tasks of jobs within the job under their full names: `tasks.publish/build`.
    ///
    /// - Parameter subJobLayers: What each file of those jobs says, by the full names of the tasks that these stand for.
    func adding(_ mounts: [String: SubJobMount], _ subJobLayers: [String: [JobLayer]]) -> JobHistory {
        guard !mounts.isEmpty, let root, case .mapping(var whole) = root.content,
            case .mapping(var tasks)? = whole.entries["tasks"]?.value.content
        else { return self }
        var layers = layers
        for (name, mount) in mounts.sorted(by: { $0.key < $1.key }) {
            for (key, entry) in mount.root.tasksOfJob.entries { tasks.entries["\(name)/\(key)"] = entry }
            for layer in mount.owner.map({ subJobLayers[$0] ?? [] }) ?? self.layers {
                let top = SourceNode(.mapping(layer.root), at: mount.root.mark)
                guard let own = top.value(at: ParameterPath(mount.prefix)) else { continue }
                var renamed = SourceMapping()
                for (key, entry) in own.tasksOfJob.entries { renamed.entries["\(name)/\(key)"] = entry }
                var part = SourceMapping()
                part.entries["tasks"] = .init(value: SourceNode(.mapping(renamed), at: own.mark), keyMark: own.mark)
                layers.append(JobLayer(root: part, chain: layer.chain, scope: mount.scope))
            }
        }
        for position in tasks.entries.values.indices { tasks.entries.values[position].value.leaveOutTasksOfJob() }
        whole.entries["tasks"]?.value.content = .mapping(tasks)
        return JobHistory(
            job: job,
            root: SourceNode(.mapping(whole), at: root.mark),
            layers: layers,
            files: files,
            expander: expander
        )
    }
}

extension SourceNode {
    /// The tasks of a job, by their own names.
    fileprivate var tasksOfJob: SourceMapping {
        guard case .mapping(let job) = content, case .mapping(let tasks)? = job.entries["tasks"]?.value.content else {
            return SourceMapping()
        }
        return tasks
    }

    /// Leaves the tasks out that stand in the place of a task: they are elsewhere, too.
    fileprivate mutating func leaveOutTasksOfJob() {
        guard case .mapping(var task) = content, case .mapping(var job)? = task.entries["job"]?.value.content,
            job.entries["tasks"] != nil
        else { return }
        job.entries["tasks"] = nil
        task.entries["job"]?.value.content = .mapping(job)
        content = .mapping(task)
    }
}
