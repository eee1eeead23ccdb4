/// What a task may know about its own place in the job.
public struct TaskMetadata: Sendable, Hashable {
    /// The name of the job.
    public var jobName: String
    /// The task's name in the job.
    public var name: String
    /// The name of the task's type, as the job gives it.
    public var variant: String
    /// The names of the tasks that it depends on.
    public var dependsOn: [String]
    /// The number of the attempt, from 1.
    public var attempt: Int
    /// Whether a restarted job runs a task that had failed.
    public var isRestart: Bool

    /// Creates metadata; tests of tasks need this.
    public init(
        jobName: String,
        name: String,
        variant: String,
        dependsOn: [String] = [],
        attempt: Int = 1,
        isRestart: Bool = false
    ) {
        self.jobName = jobName
        self.name = name
        self.variant = variant
        self.dependsOn = dependsOn
        self.attempt = attempt
        self.isRestart = isRestart
    }
}
