public import Flowmancer
import FoundationEssentials
import Glibc
import TestSupport

/// What the environment tells the tasks of a campaign's job.
enum Victim {
    static let sideVariable = "FLOWMANCER_CAMPAIGN_SIDE"
    static let runVariable = "FLOWMANCER_CAMPAIGN_RUN"
    static let markerVariable = "FLOWMANCER_CAMPAIGN_MARKER"

    static func record(_ task: String, _ kind: SideEvent.Kind) {
        side.append(SideEvent(run: run, task: task, kind))
    }

    static let run = Int(value(runVariable)) ?? 0
    private static let side = SideFile(path: value(sideVariable))

    /// Locks a seat, which nobody else may have. The lock ends with the process, or when the descriptor is closed.
    ///
    /// - Returns: The descriptor; `nil` if somebody has the seat.
    static func take(seat: String) -> Int32? {
        let descriptor = open("\(value(sideVariable)).\(run).\(seat)", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        if descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return descriptor }
        close(descriptor)
        return nil
    }

    private static func value(_ name: String) -> String {
        getenv(name).map { String(cString: $0) } ?? ""
    }
}

/// A task of the campaign: writes down everything that it does before and after it does it.
public struct CampaignStep: FlowTask {
    @Parameter var failures: Int
    @Parameter var failure: String
    @Parameter var writes: [String]
    @Parameter var pause: UInt32
    @Parameter var lines: Int
    @Parameter var children: [String]
    @Parameter var isDeaf: Bool
    @Parameter var padding: Int
    @Parameter var seats: Int
    @Parameter("The dependencies that complete.") var needs: [String]
    @Parameter("What dependencies published.") var marks: [String: String]
    @Output("Tells which attempt it was.") var mark: String

    /// Creates a task that a job file configures.
    public init() {}

    /// Does what the job file says.
    public mutating func run() async throws {
        let name = metadata.name
        Victim.record(name, .begin(attempt: metadata.attempt, isRestart: metadata.isRestart))
        for (task, mark) in marks.sorted(by: { $0.key < $1.key }) { Victim.record(name, .given(mark, of: task)) }
        let locks = takeSeats()
        defer { for lock in locks { close(lock) } }
        // What an attempt publishes that fails must not be stored.
        mark = JobPlan.outputMark(run: Victim.run, task: name, attempt: metadata.attempt)
        signal(SIGTERM, isDeaf ? SIG_IGN : SIG_DFL)
        for dependency in needs {
            if try await !sharedDict.contains(JobPlan.doneKey(of: dependency)) {
                Victim.record(name, .violation("what \(dependency) wrote is not there"))
            }
        }
        for child in children { try start(child) }
        for line in 0..<lines { print("line \(line) of \(name)") }
        for (number, write) in writes.enumerated() {
            try await perform(JobPlan.Write(rawValue: write) ?? .set, number)
            if pause > 0 { try await rest(pause * 1_000 / UInt32(writes.count)) }
        }
        if writes.isEmpty, pause > 0 { try await rest(pause * 1_000) }
        if metadata.attempt <= failures {
            Victim.record(name, .end(isSuccess: false))
            try fail()
        }
        try await write(.set, JobPlan.doneKey(of: name), mark(of: writes.count))
        Victim.record(name, .end(isSuccess: true))
    }

    private func takeSeats() -> [Int32] {
        let own = metadata.resources[JobPlan.seat] ?? []
        if own.count != seats { Victim.record(metadata.name, .violation("its seats are \(own), not \(seats)")) }
        return own.compactMap { seat in
            let lock = Victim.take(seat: seat)
            if lock == nil { Victim.record(metadata.name, .violation("somebody has its seat \(seat)")) }
            return lock
        }
    }

    private func rest(_ microseconds: UInt32) async throws {
        if isDeaf { usleep(microseconds) } else { try await Task.sleep(for: .microseconds(Int(microseconds))) }
    }

    private func fail() throws {
        switch JobPlan.Failure(rawValue: failure) {
        case .exits: exit(3)
        case .isKilled: kill(getpid(), SIGKILL)
        case .traps: fatalError("as intended")
        case .throws, nil: throw CampaignError("as intended")
        }
    }

    // MARK: The shared dictionary

    private func mark(of number: Int) -> String {
        "\(Victim.run).\(metadata.name).\(metadata.attempt).\(number)"
    }

    private func perform(_ kind: JobPlan.Write, _ number: Int) async throws {
        switch kind {
        case .append: try await write(.append, "list-\(number % 2)", mark(of: number))
        case .count: try await write(.count, "counter", mark(of: number))
        case .set, .remove: try await write(kind, "own-\(metadata.name)", mark(of: number))
        }
    }

    private func write(_ kind: JobPlan.Write, _ key: String, _ mark: String) async throws {
        Victim.record(metadata.name, .intent(kind, key: key, mark: mark))
        switch kind {
        case .append: try await sharedDict.update(key, default: [String]()) { $0.append(mark) }
        case .count: try await sharedDict.update(key, default: 0) { $0 += 1 }
        case .set:
            let value = mark + String(repeating: "x", count: padding)
            try await sharedDict.set(key, to: value)
            if try await sharedDict.get(key, as: String.self) != value {
                Victim.record(metadata.name, .violation("\(mark) is not read back"))
            }
        case .remove: try await sharedDict.remove(key)
        }
        Victim.record(metadata.name, .acknowledged(mark: mark))
    }

    // MARK: Children

    private func start(_ child: String) throws {
        let script = (JobPlan.Child(rawValue: child) ?? .plain).script
        _ = try spawn("/bin/sh", ["/bin/sh", "-c", script])
    }
}

/// An extension of the campaign: leaves a value in the shared dictionary for every event, up to the end of the run.
public struct CampaignObserver: FlowExtension {
    /// Creates an extension.
    public init() {}

    /// Leaves a value.
    public func update(_ event: ExecutionEvent) async throws {
        try await note("\(event.taskName)-\(event.to.rawValue)-\(event.attempt)")
    }

    /// Leaves a value.
    public func onSuccess() async throws { try await note("onSuccess") }
    /// Leaves a value.
    public func onFailure() async throws { try await note("onFailure") }
    /// Leaves a value.
    public func onDestroy() async throws { try await note("onDestroy") }

    private func note(_ event: String) async throws {
        let mark = "\(Victim.run).observer.\(event)"
        let key = JobPlan.observerPrefix + event
        Victim.record("observer", .intent(.set, key: key, mark: mark))
        try await sharedDict.set(key, to: mark)
        Victim.record("observer", .acknowledged(mark: mark))
    }
}

/// Writes the shared dictionary down.
public struct CampaignAudit: FlowTask {
    /// Creates a task.
    public init() {}

    /// Writes everything down.
    public func run() async throws {
        Victim.record(metadata.name, .begin(attempt: metadata.attempt, isRestart: metadata.isRestart))
        // The observer goes on writing meanwhile.
        for key in try await sharedDict.keys() where !key.hasPrefix(JobPlan.observerPrefix) {
            Victim.record(metadata.name, .audit(key: key, value: try await text(of: key)))
        }
        Victim.record(metadata.name, .end(isSuccess: true))
    }

    private func text(of key: String) async throws -> String {
        if key.hasPrefix("list-") {
            return try await sharedDict.get(key, as: [String].self).joined(separator: " ")
        }
        if key == "counter" { return "\(try await sharedDict.get(key, as: Int.self))" }
        return String(try await sharedDict.get(key, as: String.self).prefix { $0 != "x" })
    }
}
