import FlowmancerCore
import FlowmancerSystem
import FlowmancerWire

/// What the workers of a pilot are told about attempts: what the engine has said. Used on the event loop only.
///
/// The attempts go by numbers of the pilot's own, which are used again.
final class PilotBriefing: AttemptBriefing {
    /// An attempt that the engine gave the pilot.
    struct Entry {
        let attempt: WirePilotAttempt
        /// The graphics processors that it has.
        var graphicsProcessors: [String] = []
        /// How its command ended, if it is one.
        var end: WireCommandEnd?
    }

    let run: WireRun
    let needProgram: Bool
    private let environment: [String: String]
    private var entries: [Entry?] = []
    private var vacancies: [Int] = []
    private var numbers: [UInt64: Int] = [:]

    init(_ welcome: WireWelcome) {
        var run = welcome.run
        // Marks are found by the process that reads them.
        run.mark = OutputMark.ownNumber
        self.run = run
        needProgram = welcome.needsProgram
        environment = [RunID.environmentVariable: run.id.description]
    }

    // MARK: Attempts

    /// Takes in an attempt.
    ///
    /// - Returns: Its number; `nil` if it is there already.
    func add(_ attempt: WirePilotAttempt) -> Int? {
        guard numbers[attempt.id] == nil else { return nil }
        let number = vacancies.popLast() ?? entries.count
        if number == entries.count { entries.append(nil) }
        entries[number] = Entry(attempt: attempt)
        numbers[attempt.id] = number
        return number
    }

    func number(of attempt: UInt64) -> Int? { numbers[attempt] }

    func setGraphicsProcessors(_ units: [String], of number: Int) { entries[number]?.graphicsProcessors = units }

    /// Forgets an attempt, and returns what is known of its end.
    func remove(_ number: Int) -> Entry? {
        guard let entry = entries[number] else { return nil }
        entries[number] = nil
        vacancies.append(number)
        numbers[entry.attempt.id] = nil
        return entry
    }

    /// Returns what the pool is told of an attempt.
    func assignment(_ number: Int) -> Assignment? {
        guard let attempt = entries[number]?.attempt else { return nil }
        let isCommand = if case .command = attempt.work { true } else { false }
        return Assignment(
            id: attempt.id,
            task: number,
            attempt: Int(attempt.task.number),
            counted: Int(attempt.task.number),
            runtime: isCommand ? .command : .swift,
            isolation: attempt.isIsolated ? .process : .pool,
            isRestart: false
        )
    }

    // MARK: AttemptBriefing

    func message(_ assignment: Assignment, writesToSecond: Bool) -> WireAttempt {
        guard let entry = entries[assignment.task] else { return WireAttempt() }
        var message = entry.attempt.task
        message.id = assignment.id
        message.isLast = assignment.isolation == .process
        message.writesToSecond = writesToSecond
        if !entry.graphicsProcessors.isEmpty {
            message.extras.resources += WireResourceGrant.list([HostResources.gpusName: entry.graphicsProcessors])
        }
        return message
    }

    func command(of task: Int, _ issues: inout [JobIssue]) -> (any CommandWork)? {
        guard let command = entries[task]?.attempt.command else { return nil }
        return RelayedCommand(request: CommandRequest(command))
    }

    func judge(
        _ end: CommandOutcome,
        _ published: CommandReport.Outputs,
        of task: any CommandWork,
        attempt: UInt64
    ) -> CommandVerdict {
        // The engine judges.
        if let number = numbers[attempt] { entries[number]?.end = WireCommandEnd(end, published) }
        return CommandVerdict()
    }

    func environment(of task: Int) -> [String: String] {
        guard let entry = entries[task] else { return environment }
        var units = [String: [String]](entry.attempt.command.extras.resources)
        if !entry.graphicsProcessors.isEmpty { units[HostResources.gpusName] = entry.graphicsProcessors }
        return environment.merging(ResourceUnits.environment(units)) { _, units in units }
    }

    func extras(of task: Int) -> AttemptExtras? {
        guard let command = entries[task]?.attempt.command, command.tellsDependencies else { return nil }
        return AttemptExtras(dependencies: command.extras.dependencies.compactMap(EndedDependency.init))
    }

    func mergesOutput(_ task: Int) -> Bool { entries[task]?.attempt.command.mergesOutput ?? false }
}

/// A command of which only the engine knows what its end means.
private struct RelayedCommand: CommandWork {
    let request: CommandRequest

    func judge(_ end: CommandOutcome) -> CommandSuccess { CommandSuccess() }
}
