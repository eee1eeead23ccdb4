/// What is special about a ``Parameter``.
public struct ParameterTrait: Sendable, Hashable {
    private enum Kind: Hashable { case secret }
    private let kind: Kind

    /// The value is shown nowhere: not in errors, logs, checkpoints or reflection.
    ///
    /// ```swift
    /// @Parameter(.secret, "The token of the service.") var token: String
    /// ```
    /// In everything that the tasks of the job write, the value is masked, too. Of a list, a mapping or a
    /// ``ParameterGroup``, every value in it is secret.
    public static let secret = ParameterTrait(kind: .secret)
}
