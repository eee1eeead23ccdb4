/// Why an attempt of a task failed, and the last lines that it wrote.
public struct AttemptFailure: Sendable, Hashable {
    /// The reason in words: the error that the task threw, how its process ended, or its time limit. Empty if it is not
    /// known.
    public var reason: String
    /// The last lines of its standard error, and of what it logged as an error, the last one last; if it wrote none, the
    /// last lines of everything that it wrote. There are at most 10, and long ones are cut.
    public var lastLines: [String]

    /// Creates a description; tests of extensions need this.
    public init(reason: String, lastLines: [String] = []) {
        self.reason = reason
        self.lastLines = lastLines
    }
}
