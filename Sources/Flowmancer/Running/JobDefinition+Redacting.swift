import FlowmancerDiscovery

extension JobDefinition {
    /// Returns the job with `***` in the place of every parameter that is marked as ``ParameterTrait/secret``.
    ///
    /// Dump this one to show a job to others: a dump of the job itself loads back equal, and so has to hold its secrets.
    ///
    /// - Parameter catalog: The types that the job may name; those of the executable unless given. Of a type that is
    ///   not among them it is not known what is secret.
    public func redactingSecrets(catalog: TypeCatalog? = nil) -> JobDefinition {
        JobSecrets(self, catalog: catalog ?? .discovered()).redactedJob
    }
}
