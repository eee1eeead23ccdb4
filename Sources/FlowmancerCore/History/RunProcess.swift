/// The engine's process of a run.
///
/// A number alone would be that of another process sooner or later. The same number with the same start, since the same
/// start of the machine, is the same process.
public struct RunProcess: Sendable, Hashable {
    /// The number of the process.
    public var number: Int
    /// When it started, in clock ticks since the machine did.
    public var startTicks: Int
    /// The id that the machine drew when it started.
    public var bootID: String

    /// Creates a description.
    public init(number: Int, startTicks: Int, bootID: String) {
        self.number = number
        self.startTicks = startTicks
        self.bootID = bootID
    }
}
