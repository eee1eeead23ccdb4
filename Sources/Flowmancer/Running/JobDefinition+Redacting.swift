import FlowmancerDiscovery

extension JobDefinition {
    /// Returns the job with `***` instead of every parameter that is marked as ``ParameterTrait/secret``.
    ///
    /// Use this before you show a job to others. A dump of the job itself contains its secrets, because it can be loaded
    /// again.
    ///
    /// - Parameter catalog: The types that the job can name; by default, the types of the executable. Parameters of other
    ///   types stay as they are, even if they are secret.
    public func redactingSecrets(catalog: TypeCatalog? = nil) -> JobDefinition {
        JobSecrets(self, catalog: catalog ?? .discovered()).redactedJob
    }
}
