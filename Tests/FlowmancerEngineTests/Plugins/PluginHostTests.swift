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
        let plugins = try pluginSet(job, catalog) { notice in
            notices.withLock { $0.append(notice.text) }
        }
        let host = try host(of: plugins)
        let events = EventFan(plugins.sinks)
        let line = String(repeating: "x", count: 1 << 20)
        for _ in 0..<100 {
            events.publish(event(.start))
            events.publish(event(.line, line))
            events.publish(event(.end))
        }
        host.sink.close()
        await host.consume()
        host.reportTotals()
        let counts = try #require(host.plugin as? CountingLogger).counts.withLock { $0 }
        #expect(counts.starts == 100)
        #expect(counts.ends == 100)
        #expect((1..<100).contains(counts.lines))
        #expect(
            notices.withLock { $0 } == [
                "loggers.counting was too slow. It did not get \(100 - counts.lines) events."
            ]
        )
    }

    /// A plug-in of both kinds gets one order of events, and changes of state survive what it is too slow for.
    @Test(arguments: ["loggers", "extensions"])
    func aPluginOfBothKindsReceivesBothInOrder(section: String) async throws {
        var job = JobDefinition(name: "job")
        job.loggers = [:]
        job.extensions = [:]
        if section == "loggers" { job.loggers["both"] = PluginDefinition("BothKinds") }
        if section == "extensions" { job.extensions["both"] = PluginDefinition("BothKinds") }
        var catalog = TypeCatalog()
        catalog.register(BothKinds.self)
        let plugins = try pluginSet(job, catalog)
        let host = try host(of: plugins)
        let events = EventFan(plugins.sinks)
        let long = String(repeating: "x", count: 1 << 20)
        for number in 0..<100 {
            events.publish(state(.pending, .running))
            events.publish(event(.line, number == 0 ? "line" : long))
            events.publish(state(.running, .completed))
        }
        host.sink.close()
        await host.consume()
        let seen = try #require(host.plugin as? BothKinds).seen.withLock { $0 }
        #expect(Array(seen.prefix(3)) == ["R", "line", "C"])
        #expect(seen.count { $0 == "R" } == 100)
        #expect(seen.count { $0 == "C" } == 100)
        #expect((1..<99).contains(seen.count { $0 == long }))
    }

    @Test func aPluginOfOneKindReceivesThatOnly() throws {
        var job = JobDefinition(name: "job")
        job.loggers = ["counting": PluginDefinition("CountingLogger")]
        job.extensions = [:]
        var catalog = TypeCatalog()
        catalog.register(CountingLogger.self)
        let plugins = try pluginSet(job, catalog)
        #expect(plugins.sinks.map(\.interest).first == .output)
    }

    /// The host of the only plug-in beside the history.
    private func host(of plugins: PluginSet) throws -> PluginHost {
        #expect(plugins.hosted.count == 2)
        return try #require(plugins.hosted.first).host
    }

    private func pluginSet(
        _ job: JobDefinition,
        _ catalog: TypeCatalog,
        report: @escaping @Sendable (RunNotice) -> Void = { _ in }
    ) throws -> PluginSet {
        var (job, catalog) = (job, catalog)
        catalog.register(FakeHistory.self)
        job.history = PluginDefinition("FakeHistory")
        return try PluginSet(
            job,
            catalog: catalog,
            sharedDict: SharedDict(storage: UnavailableSharedDictStorage()),
            runInfo: RunInfo(job: job, startedAt: Date()),
            report: report
        )
    }

    private func state(_ from: ExecutionState, _ to: ExecutionState) -> ExecutionEvent {
        ExecutionEvent(jobName: "job", taskName: "a", timestamp: Date(), attempt: 1, from: from, to: to)
    }

    private func event(_ kind: TaskLogEvent.Kind, _ message: String = "") -> TaskLogEvent {
        TaskLogEvent(jobName: "job", taskName: "a", timestamp: Date(), attempt: 1, kind: kind, message: message)
    }
}

/// Counts events by their kind.
private final class CountingLogger: FlowLogger {
    let counts = Mutex((starts: 0, lines: 0, ends: 0))

    func update(_ event: TaskLogEvent) async throws {
        counts.withLock { counts in
            switch event.kind {
            case .start: counts.starts += 1
            case .line: counts.lines += 1
            case .end: counts.ends += 1
            default: break
            }
        }
    }
}

/// Notes what it is told.
private final class BothKinds: FlowLogger, FlowExtension {
    let seen = Mutex<[String]>([])

    func update(_ event: TaskLogEvent) async throws {
        if event.kind == .line { seen.withLock { $0.append(event.message) } }
    }

    func update(_ event: ExecutionEvent) async throws {
        seen.withLock { $0.append(event.to.rawValue) }
    }
}
