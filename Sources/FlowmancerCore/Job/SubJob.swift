public import OrderedCollections

/// What a task has that stands for a job of its own: `job` in a job file.
///
/// The tasks of that job are tasks of the job around it, under names that begin with the name of this one:
/// `publish/build`. See ``TaskDefinition/parent``.
///
/// All values of this type are equal: what a file and variables come to stands in the tasks.
public struct SubJob: Sendable, Hashable {
    @Uncompared private var origin: String?
    @Uncompared private var values: OrderedDictionary<String, ParameterValue>

    /// The job file, as the job around it names it; `nil` if the tasks stand in the job around it.
    public var file: String? {
        get { origin }
        set { origin = newValue }
    }

    /// The values of the variables that the tasks see.
    public var variables: OrderedDictionary<String, ParameterValue> {
        get { values }
        set { values = newValue }
    }

    /// Creates a job within a job.
    public init(file: String? = nil, variables: OrderedDictionary<String, ParameterValue> = [:]) {
        _origin = Uncompared(wrappedValue: file)
        _values = Uncompared(wrappedValue: variables)
    }
}

extension TaskDefinition {
    /// The values of the variables that the tasks of a sub-job see.
    var subJobVariables: OrderedDictionary<String, ParameterValue> {
        get { subJob?.variables ?? [:] }
        set {
            guard subJob != nil || !newValue.isEmpty else { return }
            var changed = subJob ?? SubJob()
            changed.variables = newValue
            subJob = changed
        }
    }
}
