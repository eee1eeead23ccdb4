public import Flowmancer

/// Examines a checkpointer: whether a job that uses it can count on its checkpoints.
///
/// ```swift
/// @Test func myCheckpointerKeepsItsPromises() async throws {
///     let directory = try temporaryDirectory()
///     try await CheckpointerConformance {
///         try configured(MyCheckpointer.self, ["directory": .string(directory)])
///     }.check()
/// }
/// ```
/// Several instances are made, and all must work on the same storage: what one stores, another must find. Only jobs of
/// names that begin with `conformance` are touched, and removed in the end.
///
/// The journal and the lock are optional; the rules about them are left out for a checkpointer without them, and listed
/// in the report. What no suite can check in one process remains to be tested: that the lock is free, and that nothing is
/// lost, after `kill -9`.
public struct CheckpointerConformance<Checkpointer: FlowCheckpointer>: Sendable {
    /// What the random sequences of operations depend on.
    public var seed: UInt64 = 1
    /// How many random sequences of operations there are.
    public var sequences = 20
    /// How long the check of one rule may take before it counts as hanging.
    public var timeLimit: Duration = .seconds(600)

    let make: @Sendable () async throws -> Checkpointer

    /// Creates a suite.
    ///
    /// - Parameter make: Makes a new instance on the storage that all instances share.
    public init(_ make: @escaping @Sendable () async throws -> Checkpointer) {
        self.make = make
    }

    /// Checks all rules.
    ///
    /// - Returns: Which rules hold, and which do not apply.
    /// - Throws: ``ConformanceError`` with every rule that is broken.
    @discardableResult
    public func check() async throws -> ConformanceReport {
        try await ConformanceRule.check(
            storageRules + lockRules + journalRules + [randomRule],
            of: Checkpointer.self,
            within: timeLimit
        )
    }

    // MARK: What the rules are made of

    func write(_ contents: CheckpointContents) async throws {
        try await make().writeCheckpoint(contents, for: contents.name)
    }

    func clear(_ names: String...) async throws {
        for name in names { try await make().clearCheckpoint(for: name) }
    }

    /// Returns what a new instance finds; `nil` if that is nothing.
    func read(_ name: String) async throws -> CheckpointContents? {
        do {
            return try await make().readCheckpoint(for: name)
        } catch is NoCheckpointAvailableError {
            return nil
        }
    }

    /// Throws a finding unless a new instance finds just this.
    func expect(_ expected: CheckpointContents, _ moment: String) async throws {
        guard let found = try await read(expected.name) else {
            throw ConformanceRule.Finding("\(moment), nothing is stored for '\(expected.name)'")
        }
        if let difference = ContentsDifference(between: expected, and: found) {
            throw ConformanceRule.Finding("\(moment), \(difference)")
        }
    }

    func expectNothing(for name: String, _ moment: String) async throws {
        let found = try await read(name)
        try ConformanceRule.require(found == nil, "\(moment), something is still stored for '\(name)'")
    }

    /// Opens a journal with an instance that is kept: the engine keeps its own, too.
    func openJournal(
        _ contents: CheckpointContents
    ) async throws -> (checkpointer: Checkpointer, journal: any CheckpointJournal) {
        let checkpointer = try await make()
        guard let journal = try await checkpointer.openJournal(for: contents.name, startingFrom: contents) else {
            throw ConformanceRule.Inapplicable()
        }
        return (checkpointer, journal)
    }
}
