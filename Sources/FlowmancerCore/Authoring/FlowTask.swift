/// A unit of work that a job runs in a process of its own.
///
/// ```swift
/// struct Greet: FlowTask {
///     static let abstract = "Greets somebody."
///
///     @Parameter("Who is greeted.") var name: String
///
///     func run() async throws {
///         print("Hello, \(name)!")
///     }
/// }
/// ```
/// Every attempt gets a new instance. Its methods are called in this order: ``onCreate()``, ``onRestart()`` (only if a
/// restarted job runs a task that had failed), ``run()``, then ``onSuccess()`` or ``onFailure()``, and always
/// ``onDestroy()``. If any of them throws, the attempt fails. After an error in ``onCreate()`` or ``onRestart()``,
/// ``run()`` is not called.
///
/// Everything that the methods print is sent to the loggers of the job, line by line. The methods can use ``sharedDict``,
/// ``logger`` and ``metadata``.
// Otherwise an optimised build drops types that only job files name.
@_alwaysEmitConformanceMetadata
public protocol FlowTask: ParameterGroup {
    /// Does the work.
    mutating func run() async throws

    /// Called first.
    mutating func onCreate() async throws
    /// Called after ``onCreate()`` if a restarted job runs a task that had failed.
    mutating func onRestart() async throws
    /// Called after ``run()`` returned.
    mutating func onSuccess() async throws
    /// Called after an error.
    mutating func onFailure() async throws
    /// Called last.
    mutating func onDestroy() async throws
    /// Called before ``onDestroy()`` if the attempt is aborted or exceeds its time limit. It is called after ``run()`` has
    /// returned, or on a new instance if ``run()`` does not return in time.
    mutating func onAbort() async throws
}

extension FlowTask {
    /// Does nothing.
    public mutating func onCreate() async throws {}
    /// Does nothing.
    public mutating func onRestart() async throws {}
    /// Does nothing.
    public mutating func onSuccess() async throws {}
    /// Does nothing.
    public mutating func onFailure() async throws {}
    /// Does nothing.
    public mutating func onDestroy() async throws {}
    /// Does nothing.
    public mutating func onAbort() async throws {}
}
