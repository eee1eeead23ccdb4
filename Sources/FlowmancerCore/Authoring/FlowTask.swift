/// A unit of work that a job runs in a worker process.
///
/// ```swift
/// struct Greet: FlowTask {
///     static let abstract = "Greets a person."
///
///     @Parameter("The person to greet.") var name: String
///
///     func run() async throws {
///         print("Hello, \(name)!")
///     }
/// }
/// ```
/// Each attempt creates a new instance and calls its methods in this order:
///
/// 1. ``onCreate()``
/// 2. ``onRestart()``, if a restarted job runs a task that failed before
/// 3. ``run()``
/// 4. ``onSuccess()`` or ``onFailure()``; ``onAbort()`` instead if the attempt is cancelled
/// 5. ``onDestroy()``
///
/// The attempt fails if any method throws an error. If ``onCreate()`` or ``onRestart()`` throws, ``run()`` is not called.
///
/// Everything that the methods print is sent to the job's loggers, line by line. In the methods you can use
/// ``sharedDict``, ``logger``, ``metadata`` and ``clock``.
// Otherwise an optimised build drops types that only job files name.
@_alwaysEmitConformanceMetadata
public protocol FlowTask: ParameterGroup {
    /// Does the work.
    mutating func run() async throws

    /// Called first.
    mutating func onCreate() async throws
    /// Called after ``onCreate()`` if a restarted job runs a task that failed before.
    mutating func onRestart() async throws
    /// Called after ``run()`` succeeded.
    mutating func onSuccess() async throws
    /// Called after one of the methods above threw an error.
    mutating func onFailure() async throws
    /// Called last.
    mutating func onDestroy() async throws
    /// Called before ``onDestroy()`` if the attempt is aborted or exceeds its time limit.
    ///
    /// It is called after ``run()`` has returned. If ``run()`` does not return in time, ``onAbort()`` and
    /// ``onDestroy()`` are called on a new instance.
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
