/// A type whose parameters a job file sets: a task, logger, extension, checkpointer or history, or a group of parameters in one.
///
/// Mark each parameter with ``Parameter``:
/// ```swift
/// struct APIDetails: ParameterGroup {
///     @Parameter var transport = Transport.https
///     @Parameter var baseURL: String
/// }
/// ```
/// A job file sets the property `baseURL` by the key `base_url` or `baseURL`.
///
/// A parameter whose type is a group is a mapping in the job file. With ``Flattened``, the parameters of the group stand
/// beside those of its owner instead.
public protocol ParameterGroup: SendableMetatype {
    /// Creates an instance whose parameters have their default values. The values of the job file are set afterwards.
    ///
    /// Flowmancer also creates instances to list and check types. Don't read required parameters here: they have no
    /// values yet, and the program traps.
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
