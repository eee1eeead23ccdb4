/// Why an attempt of a task failed, and the last lines that it wrote.
///
/// Secrets of the job are masked in both.
public struct AttemptFailure: Sendable, Hashable {
    /// The reason in words: the error that the task threw, how its process ended, or its time limit. It is empty if the
    /// reason is not known, and can have several lines.
    public var reason: String
    /// The last lines that the task wrote to standard error or logged as errors. If there are none, the last lines of all
    /// its output. At most 10 lines, in the order in which they were written; long lines are cut.
    public var lastLines: [String]

    /// Creates a failure. You need this to test extensions.
    public init(reason: String, lastLines: [String] = []) {
        self.reason = reason
        self.lastLines = lastLines
    }
}
