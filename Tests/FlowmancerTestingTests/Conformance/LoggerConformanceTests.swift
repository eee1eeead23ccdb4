import Flowmancer
import FlowmancerTesting
import FoundationEssentials
import Synchronization
import TestSupport
import Testing

@Suite struct LoggerConformanceTests {
    /// A logger in memory that can be wrong.
    final class FaultyLogger: FlowLogger {
        enum Fault: CaseIterable {
            case failsWithoutTasks, failsOnAbort, failsOnRestart, failsOnLongLines, failsOnSlashes, failsOnSecondAttempt
            case failsAfterManyLines, failsBesideAnother, losesTheLastLine, reordersLines
        }

        final class Output: Sendable {
            let lines = Mutex<[String]>([])
            let users = Mutex((now: 0, most: 0))
        }

        private let fault: Fault?
        private let output: Output
        private let own = Mutex<[String]>([])

        convenience init() { self.init(nil, Output()) }

        init(_ fault: Fault?, _ output: Output) {
            self.fault = fault
            self.output = output
        }

        private func fail(_ when: Fault, _ condition: Bool = true) throws {
            if fault == when, condition { throw NoCheckpointAvailableError("\(when)") }
        }

        func onCreate() async throws {
            let isAlone = output.users.withLock { users in
                users.now += 1
                return users.now == 1
            }
            try fail(.failsBesideAnother, !isAlone)
            for _ in 0..<20 { await Task.yield() }
        }

        func update(_ event: TaskLogEvent) async throws {
            try fail(.failsOnSlashes, event.taskName.contains("/"))
            try fail(.failsOnSecondAttempt, event.attempt > 1)
            guard event.kind == .line else { return }
            try fail(.failsOnLongLines, event.message.utf8.count > 65_536)
            let count = own.withLock { own in
                own.append(event.message)
                return own.count
            }
            try fail(.failsAfterManyLines, count > 5_000)
            if count % 50 == 0 { await Task.yield() }
        }

        func onRestart() async throws { try fail(.failsOnRestart) }

        func onAbort() async throws { try fail(.failsOnAbort) }

        func onDestroy() async throws {
            output.users.withLock { $0.now -= 1 }
            var lines = own.withLock { $0 }
            try fail(.failsWithoutTasks, lines.isEmpty)
            if fault == .losesTheLastLine { lines = lines.dropLast() }
            if fault == .reordersLines { lines.reverse() }
            output.lines.withLock { $0 += lines }
        }
    }

    private func suite(_ fault: FaultyLogger.Fault?) -> LoggerConformance<FaultyLogger> {
        let output = FaultyLogger.Output()
        return LoggerConformance {
            FaultyLogger(fault, output)
        } output: {
            output.lines.withLock { $0.joined(separator: "\n") }
        }
    }

    @Test func aGoodLoggerPasses() async throws {
        #expect(try await suite(nil).check().inapplicable == [])
        let withoutOutput = LoggerConformance { FaultyLogger() }
        #expect(try await withoutOutput.check().inapplicable.count == 1)
    }

    @Test func theBuiltInOnePasses() async throws {
        let directory = try TemporaryDirectory()
        let report = try await LoggerConformance {
            try configured(FileLogger.self, ["base_log_dir": .string(directory.path)])
        } output: {
            let names = try FileManager.default.subpathsOfDirectory(atPath: directory.path).sorted()
            let files = names.compactMap { FileManager.default.contents(atPath: "\(directory.path)/\($0)") }
            return files.map { String(decoding: $0, as: UTF8.self) }.joined()
        }.check()
        #expect(report.inapplicable == [])
    }

    @Test func everyFaultIsFoundAndEveryRuleNeeded() async throws {
        var rules = Set(try await suite(nil).check().held)
        for fault in FaultyLogger.Fault.allCases {
            let error = await #expect(throws: ConformanceError.self, "\(fault)") { try await suite(fault).check() }
            rules.subtract(error?.violations.map(\.rule) ?? [])
        }
        // What no fault breaks is no rule.
        #expect(rules == [])
    }
}
