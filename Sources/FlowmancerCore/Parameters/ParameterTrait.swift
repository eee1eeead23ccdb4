/// The special treatment of a ``Parameter``.
public struct ParameterTrait: Sendable, Hashable {
    private enum Kind: Hashable { case secret }
    private let kind: Kind

    /// Keeps the value out of error messages, logs, checkpoints and reflection.
    ///
    /// ```swift
    /// @Parameter(.secret, "The token of the service.") var token: String
    /// ```
    /// The value is also masked in everything that the job's tasks write. In a list, a mapping or a
    /// ``ParameterGroup``, every value is secret.
    public static let secret = ParameterTrait(kind: .secret)
}
