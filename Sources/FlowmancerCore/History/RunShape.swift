/// The tasks of a run as it began. Nothing in it is secret.
public struct RunShape: Sendable, Hashable {
    /// The tasks of the job, also those of jobs within the job, in their order.
    public var tasks: [RecordedTask]
    /// The names of the tasks and groups that the run began with, each group before its members; empty if they are just the
    /// ``tasks``. What a group becomes in the run is an event: ``RecordedEvent/expansion``.
    public var nodes: [String]

    /// Creates a shape.
    public init(tasks: [RecordedTask] = [], nodes: [String] = []) {
        self.tasks = tasks
        self.nodes = nodes
    }
}

/// A task of a job, as a history keeps it.
public struct RecordedTask: Sendable, Hashable {
    /// What becomes of a task in a run.
    ///
    /// New versions may add forms. Take one that you do not know for ``task``.
    public struct Form: RawRepresentable, Sendable, Hashable {
        /// The name of the form.
        public let rawValue: String

        /// Creates a form from its name, which this version need not know.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// A task that runs.
        public static var task: Self { Self(rawValue: "task") }
        /// A group of items: `for_each`.
        public static var items: Self { Self(rawValue: "items") }
        /// A group of the tasks of a job: `job`.
        public static var job: Self { Self(rawValue: "job") }
        /// A group of items for each of which there is a job: both.
        public static var itemJobs: Self { Self(rawValue: "item_jobs") }
    }

    /// The name of the task, as the job has it: `load`, `publish/build`.
    public var name: String
    /// The name of its type; empty for a job in the place of a task.
    public var type: String
    /// The tasks that it waits for, by their positions.
    public var dependencies: [Int]
    /// The task whose job it belongs to, by its position; `nil` for a task of the job itself.
    public var container: Int?
    /// What becomes of it.
    public var form: Form
    /// Its parameters, as a JSON object, with `***` instead of secrets; `nil` if it has none.
    public var parameters: JSONText?

    /// Creates a task.
    public init(
        name: String,
        type: String = "",
        dependencies: [Int] = [],
        container: Int? = nil,
        form: Form = .task,
        parameters: JSONText? = nil
    ) {
        self.name = name
        self.type = type
        self.dependencies = dependencies
        self.container = container
        self.form = form
        self.parameters = parameters
    }
}

extension RunShape {
    /// Describes a job.
    ///
    /// - Parameters:
    ///   - job: The job without its secrets.
    ///   - roster: Its tasks and groups at the beginning of a run.
    ///   - mask: Masks the secrets in a text: they may also stand where nobody marked them.
    package init(_ job: JobDefinition, _ roster: TaskRoster, mask: (String) -> String = { $0 }) {
        let graph = roster.graph
        tasks = job.tasks.elements.enumerated().map { number, element in
            let task = element.value
            let form: RecordedTask.Form =
                switch (task.forEach != nil, task.subJob != nil) {
                case (false, false): .task
                case (true, false): .items
                case (false, true): .job
                case (true, true): .itemJobs
                }
            return RecordedTask(
                name: element.key,
                type: task.variant,
                dependencies: graph.dependencies[number],
                container: graph.containers[number],
                form: form,
                parameters: Self.parameters(of: task, mask)
            )
        }
        nodes = roster.isPlain ? [] : roster.names
    }

    /// The parameters of a task without its secrets, as they are kept.
    static func parameters(of task: TaskDefinition, _ mask: (String) -> String) -> JSONText? {
        task.parameters.isEmpty ? nil : ParameterValue.object(task.parameters).json.masked(mask)
    }

    /// The shape as a JSON object, to be stored.
    public var json: JSONText {
        var members = JSONMembers()
        members.add("tasks", tasks) { task, members in
            members.object { members in
                members.add("name", task.name)
                members.add("type", task.type)
                if !task.dependencies.isEmpty { members.add("needs", task.dependencies) }
                if let container = task.container { members.add("in", container) }
                if task.form != .task { members.add("form", task.form.rawValue) }
                if let parameters = task.parameters { members.add("parameters", parameters) }
            }
        }
        if !nodes.isEmpty { members.add("nodes", nodes) }
        return members.json
    }

    /// Reads what ``json`` gave, also of a newer version; `nil` if it is something else.
    public init?(json: JSONText) {
        guard let members = StoredMembers(json), members.value("tasks") != nil else { return nil }
        let list = members.list("tasks")
        tasks = []
        tasks.reserveCapacity(list.count)
        for element in list {
            guard let task = StoredMembers(element), let name = task.text("name") else { return nil }
            let (needs, container) = (task.integers("needs"), task.integer("in"))
            guard needs.allSatisfy(list.indices.contains), container.map(list.indices.contains) ?? true else {
                return nil
            }
            tasks.append(
                RecordedTask(
                    name: name,
                    type: task.text("type") ?? "",
                    dependencies: needs,
                    container: container,
                    form: task.text("form").map(RecordedTask.Form.init) ?? .task,
                    parameters: task.value("parameters")?.json
                )
            )
        }
        nodes = members.texts("nodes")
        guard tasks.indices.allSatisfy(isInFiniteJobs) else { return nil }
    }

    /// Whether the jobs around a task end somewhere.
    private func isInFiniteJobs(_ task: Int) -> Bool {
        var (outer, steps) = (tasks[task].container, 0)
        while let place = outer, steps <= tasks.count { (outer, steps) = (tasks[place].container, steps + 1) }
        return outer == nil
    }
}
