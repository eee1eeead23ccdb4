public import Flowmancer

/// Checks whether a checkpointer keeps the promises that restarts depend on.
///
/// ```swift
/// @Test func myCheckpointerKeepsItsPromises() async throws {
///     let directory = try temporaryDirectory()
///     try await CheckpointerConformance {
///         try configured(MyCheckpointer.self, ["directory": .string(directory)])
///     }.check()
/// }
/// ```
/// The suite creates several instances, which must share one storage. It only uses job names that begin with
/// `conformance`, and removes their checkpoints at the end.
///
/// The journal and the lock are optional. For a checkpointer without them, the report lists the rules that do not apply.
/// The suite cannot check what happens after `kill -9`. Test yourself that the lock is free then, and that nothing is lost.
public struct CheckpointerConformance<Checkpointer: FlowCheckpointer>: Sendable {
    /// The seed of the random sequences of operations.
    public var seed: UInt64 = 1
    /// The number of random sequences of operations.
    public var sequences = 20
    /// The time limit for the check of one rule.
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
