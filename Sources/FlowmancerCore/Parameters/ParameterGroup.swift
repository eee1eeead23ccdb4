/// A type that is configured from a job file: tasks, loggers, extensions, checkpointers, and groups nested in them.
///
/// Mark what can be configured with ``Parameter``:
/// ```swift
/// struct APIDetails: ParameterGroup {
///     @Parameter var transport = Transport.https
///     @Parameter var baseURL: String
/// }
/// ```
/// The property `baseURL` answers to `base_url` and to `baseURL` in a job file.
///
/// A group is also the type of a parameter, which is a mapping in the job file then. With ``Flattened``, its parameters stand
/// beside those of its owner instead.
public protocol ParameterGroup: SendableMetatype {
    /// Creates an instance whose parameters hold their defaults; the values of the job file are set afterwards.
    ///
    /// Types are listed and checked by means of an instance, too. Reading a required parameter here ends the process.
    init()
}
