/// An error that another attempt would only repeat.
///
/// An attempt that fails with such an error is the last one of its task, whatever `max_attempts` and `retry_on` say.
///
/// ```swift
/// struct UnknownAccount: PermanentFailure, CustomStringConvertible {
///     let account: String
///     var description: String { "there is no account '\(account)'" }
/// }
/// ```
// Otherwise an optimised build may drop conformances, because only a cast asks for them.
@_alwaysEmitConformanceMetadata
public protocol PermanentFailure: Error {}
