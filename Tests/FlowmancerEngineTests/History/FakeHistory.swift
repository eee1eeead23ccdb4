import FlowmancerCore
import Synchronization

/// Keeps what it is given in memory, and fails as often as it is told.
final class FakeHistory: FlowHistory {
    struct Full: Error, CustomStringConvertible {
        var description: String { "it is full" }
    }

    struct Kept {
        var records: [RunRecord] = []
        var shapes: [RunShape] = []
        var batches: [[RecordedEvent]] = []
        var isClosed = false
        /// How often it does not take anything.
        var failures = 0
        var failsToBegin = false
        var keepsNothing = false
    }

    let kept = Mutex(Kept())

    func beginRun(_ run: RunRecord, _ shape: RunShape) async throws -> (any RunRecorder)? {
        let (fails, keepsNothing) = kept.withLock { kept in
            kept.records.append(run)
            kept.shapes.append(shape)
            return (kept.failsToBegin, kept.keepsNothing)
        }
        if fails { throw Full() }
        return keepsNothing ? nil : Recorder(history: self)
    }

    func runs(_ query: RunQuery) async throws -> RunPage { RunPage() }

    func openRun(_ id: RunID, after number: Int) async throws -> (any RunReader)? { nil }

    func removeRun(_ id: RunID) async throws {}

    private struct Recorder: RunRecorder {
        let history: FakeHistory

        func append(_ events: [RecordedEvent]) throws {
            try history.kept.withLock { kept in
                guard kept.failures == 0 else {
                    kept.failures -= 1
                    throw Full()
                }
                kept.batches.append(events)
            }
        }

        func close() { history.kept.withLock { $0.isClosed = true } }
    }
}
