import FlowmancerCore
import FlowmancerSystem
import FlowmancerWire

/// Says what workers on this machine are told about attempts. Used on the event loop only.
protocol AttemptBriefing: AnyObject {
    /// What a worker of the program is told first.
    var run: WireRun { get }
    /// Whether there are tasks for workers of the program.
    var needProgram: Bool { get }
    /// Returns what a worker of the program is told about an attempt.
    ///
    /// - Parameter writesToSecond: Whether the attempt writes to the second pair of pipes of the worker.
    func message(_ assignment: Assignment, writesToSecond: Bool) -> WireAttempt
    /// Returns an instance of a task that is a command, with its parameters, or records why there is none.
    func command(of task: Int, _ issues: inout [JobIssue]) -> (any CommandWork)?
    /// Returns the variables that an attempt of a command gets, unless it changes them itself.
    func environment(of task: Int) -> [String: String]
    /// Returns what attempts of a task are told beside their message.
    func extras(of task: Int) -> AttemptExtras?
    /// Says what the end of a command means for its attempt.
    ///
    /// - Parameters:
    ///   - published: What the command published.
    ///   - task: The instance that ``command(of:_:)`` returned.
    func judge(
        _ end: CommandOutcome,
        _ published: CommandReport.Outputs,
        of task: any CommandWork,
        attempt: UInt64
    ) -> CommandVerdict
    /// Whether standard error of a task is its standard output.
    func mergesOutput(_ task: Int) -> Bool
}
