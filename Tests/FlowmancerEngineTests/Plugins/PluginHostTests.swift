import FlowmancerCore
import Foundation
import Synchronization
import Testing

@testable import FlowmancerEngine

@Suite struct PluginHostTests {
    @Test func whatALoggerCannotTakeIsDroppedButNoStartAndNoEnd() async throws {
        let notices = Mutex<[String]>([])
        var job = JobDefinition(name: "job")
        job.loggers = ["counting": PluginDefinition("CountingLogger")]
        job.extensions = [:]
        var catalog = TypeCatalog()
        catalog.register(CountingLogger.self)
        let storage = SharedDict(storage: UnavailableSharedDictStorage())
        let plugins = try PluginSet(job, catalog: catalog, sharedDict: storage) { notice in
            notices.withLock { $0.append(notice.text) }
        }
        let host = try #require(plugins.loggers.first)
        let line = String(repeating: "x", count: 1 << 20)
        for _ in 0..<100 {
            plugins.publish(event(.start))
            plugins.publish(event(.write(severity: .info, message: line)))
            plugins.publish(event(.end))
        }
        host.close()
        await host.consume()
        host.reportTotals()
        let counts = try #require(host.plugin as? CountingLogger).counts.withLock { $0 }
        #expect(counts.starts == 100)
        #expect(counts.ends == 100)
        #expect((1..<100).contains(counts.lines))
        #expect(
            notices.withLock { $0 } == [
                "loggers.counting was too slow: \(100 - counts.lines) events were not handed to it."
            ]
        )
    }

    private func event(_ kind: LogEvent.Kind) -> LogEvent {
        LogEvent(jobName: "job", taskName: "a", timestamp: Date(), attempt: 1, kind: kind)
    }
}

/// Counts events by their kind.
private final class CountingLogger: FlowLogger {
    let counts = Mutex((starts: 0, lines: 0, ends: 0))

    func update(_ event: LogEvent) async throws {
        counts.withLock { counts in
            switch event.kind {
            case .start: counts.starts += 1
            case .write: counts.lines += 1
            case .end: counts.ends += 1
            }
        }
    }
}
