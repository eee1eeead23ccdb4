public import OrderedCollections

/// A logger, extension or checkpointer of a job: which type, with which parameters.
public struct PluginDefinition: Sendable, Hashable {
    /// The type's name: `FileLogger`, or `Module.FileLogger`.
    public var variant: String
    /// The values of the type's parameters.
    public var parameters: OrderedDictionary<String, ParameterValue>

    /// Creates a definition.
    public init(_ variant: String, parameters: OrderedDictionary<String, ParameterValue> = [:]) {
        self.variant = variant
        self.parameters = parameters
    }
}
