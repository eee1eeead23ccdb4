import FileTestSupport
import Flowmancer
import FlowmancerTesting
import FoundationEssentials
import Synchronization
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

        func update(_ event: LogEvent) async throws {
            try fail(.failsOnSlashes, event.taskName.contains("/"))
            try fail(.failsOnSecondAttempt, event.attempt > 1)
            guard case .write(_, let message) = event.kind else { return }
            try fail(.failsOnLongLines, message.utf8.count > 65_536)
            let count = own.withLock { own in
                own.append(message)
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

    @Test(arguments: FaultyLogger.Fault.allCases)
    func everyFaultIsFound(_ fault: FaultyLogger.Fault) async throws {
        await #expect(throws: ConformanceError.self) { try await suite(fault).check() }
    }

    @Test func everyRuleIsBrokenByAFault() async throws {
        let rules = try await suite(nil).check().held
        var broken: Set<String> = []
        for fault in FaultyLogger.Fault.allCases {
            do {
                try await suite(fault).check()
            } catch let error as ConformanceError {
                broken.formUnion(error.violations.map(\.rule))
            }
        }
        #expect(Set(rules).subtracting(broken) == [])
    }
}

@Suite struct ExtensionConformanceTests {
    /// An extension that can be wrong.
    actor FaultyExtension: FlowExtension {
        enum Fault: CaseIterable {
            case failsWithoutTasks, failsOnAbortOfOne, failsOnRestart, failsOnSlashes, failsOnManyTasks,
                failsOnSkippedTasks
            case failsBesideAnother, doesNotKnowRetries
        }

        private let fault: Fault?
        private let shared: Shared
        private var states: [String: ExecutionState] = [:]

        final class Shared: Sendable {
            let users = Mutex(0)
        }

        init() { self.init(nil, Shared()) }

        init(_ fault: Fault?, _ shared: Shared) {
            self.fault = fault
            self.shared = shared
        }

        private func fail(_ when: Fault, _ condition: Bool = true) throws {
            if fault == when, condition { throw NoCheckpointAvailableError("\(when)") }
        }

        func onCreate() async throws {
            let isAlone = shared.users.withLock { users in
                users += 1
                return users == 1
            }
            try fail(.failsBesideAnother, !isAlone)
            for _ in 0..<50 { await Task.yield() }
        }

        func update(_ event: ExecutionEvent) async throws {
            let last = states[event.taskName] ?? .initial
            guard event.from == last else { throw NoCheckpointAvailableError("\(event) after \(last)") }
            states[event.taskName] = event.to
            try fail(.failsOnSlashes, event.taskName.contains("/"))
            try fail(.failsOnManyTasks, states.count > 1_000)
            try fail(.failsOnSkippedTasks, event.to == .skipped)
            try fail(.doesNotKnowRetries, event.attempt > 1)
            try fail(.failsOnAbortOfOne, event.to == .aborted && states.count == 1)
        }

        func onRestart() async throws { try fail(.failsOnRestart) }

        func onDestroy() async throws {
            shared.users.withLock { $0 -= 1 }
            try fail(.failsWithoutTasks, states.isEmpty)
        }
    }

    private func suite(_ fault: FaultyExtension.Fault?) -> ExtensionConformance<FaultyExtension> {
        let shared = FaultyExtension.Shared()
        return ExtensionConformance { FaultyExtension(fault, shared) }
    }

    @Test func aGoodExtensionPasses() async throws {
        #expect(try await suite(nil).check().held.count == 7)
    }

    @Test(arguments: FaultyExtension.Fault.allCases)
    func everyFaultIsFound(_ fault: FaultyExtension.Fault) async throws {
        await #expect(throws: ConformanceError.self) { try await suite(fault).check() }
    }

    @Test func everyRuleIsBrokenByAFault() async throws {
        let rules = try await suite(nil).check().held
        var broken: Set<String> = []
        for fault in FaultyExtension.Fault.allCases {
            do {
                try await suite(fault).check()
            } catch let error as ConformanceError {
                broken.formUnion(error.violations.map(\.rule))
            }
        }
        #expect(Set(rules).subtracting(broken) == [])
    }
}
