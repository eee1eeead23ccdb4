public import OrderedCollections

/// What a task has that stands for a job of its own: `job` in a job file.
///
/// The tasks of that job are tasks of the job around it, under names that begin with the name of this one:
/// `publish/build`. See ``TaskDefinition/parent``.
public struct SubJob: Sendable, Hashable {
    /// The job file, as the job around it names it; `nil` if the tasks stand in the job around it.
    public var file: String?
    /// The values of the variables that the tasks see.
    public var variables: OrderedDictionary<String, ParameterValue>

    /// Creates a job within a job.
    public init(file: String? = nil, variables: OrderedDictionary<String, ParameterValue> = [:]) {
        self.file = file
        self.variables = variables
    }
}
