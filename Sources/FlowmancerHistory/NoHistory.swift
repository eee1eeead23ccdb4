public import FlowmancerCore

/// Keeps no runs: for jobs that should leave nothing behind.
///
/// ```yaml
/// history:
///   history: NoHistory
/// ```
public struct NoHistory: FlowHistory {
    public static let abstract = "Keeps no runs."

    /// Creates a history.
    public init() {}

    /// Records nothing.
    public func beginRun(_ run: RunRecord, _ shape: RunShape) async throws -> (any RunRecorder)? { nil }

    /// Returns nothing.
    public func runs(_ query: RunQuery) async throws -> RunPage { RunPage() }

    /// Returns nothing.
    public func openRun(_ id: RunID, after number: Int) async throws -> (any RunReader)? { nil }

    /// Does nothing.
    public func removeRun(_ id: RunID) async throws {}
}
