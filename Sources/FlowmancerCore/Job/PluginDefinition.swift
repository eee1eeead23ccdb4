public import OrderedCollections

/// An executor, logger, extension, checkpointer or history of a job: its type and parameters.
public struct PluginDefinition: Sendable, Hashable {
    /// The name of the type: `FileLogger`, or `Module.FileLogger`.
    public var variant: String
    /// The values of the type's parameters.
    public var parameters: OrderedDictionary<String, ParameterValue>

    /// Creates a definition.
    public init(_ variant: String, parameters: OrderedDictionary<String, ParameterValue> = [:]) {
        self.variant = variant
        self.parameters = parameters
    }
}
