/// A type that is configured from a job file: tasks, loggers, extensions, checkpointers, and groups nested in them.
///
/// Mark what can be configured with ``Parameter``:
/// ```swift
/// struct APIDetails: ParameterGroup {
///     @Parameter var transport = Transport.https
///     @Parameter var baseURL: String
/// }
/// ```
/// In a job file, the key of the property `baseURL` is `base_url` or `baseURL`.
public protocol ParameterGroup: SendableMetatype {
    /// Creates an instance whose parameters have their defaults. The values of the job file are set afterwards.
    ///
    /// Commands that list or check types create instances too. Don't read a required parameter here: it has no value yet,
    /// and the program traps.
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
