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
public protocol ParameterGroup: SendableMetatype {
    /// Creates an instance whose parameters hold their defaults; the values of the job file are set afterwards.
    ///
    /// Types are listed and checked by means of an instance, too. Reading a required parameter here ends the process.
    init()

    /// One sentence that says what the type is for; the commands `tasks` and `plugins` and the schema show it.
    ///
    /// ```swift
    /// static let abstract = "Downloads a file."
    /// ```
    static var abstract: String { get }
}

extension ParameterGroup {
    /// Empty: nothing is said of the type.
    public static var abstract: String { "" }
}
