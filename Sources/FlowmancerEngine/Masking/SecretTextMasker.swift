package import FlowmancerCore

/// Masks the secrets of a job in what is said about it.
package struct SecretTextMasker: Sendable {
    private let masker: SecretMasker?

    package init(_ job: JobDefinition, catalog: TypeCatalog) {
        masker = SecretMasker(JobSecrets(job, catalog: catalog).texts)
    }

    /// Returns text in which every secret is masked.
    package func mask(_ text: String) -> String { masker.mask(text) }
}
