import Flowmancer
import FlowmancerTesting
import Synchronization
import Testing

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

    @Test func everyFaultIsFoundAndEveryRuleNeeded() async throws {
        var rules = Set(try await suite(nil).check().held)
        for fault in FaultyExtension.Fault.allCases {
            let error = await #expect(throws: ConformanceError.self, "\(fault)") { try await suite(fault).check() }
            rules.subtract(error?.violations.map(\.rule) ?? [])
        }
        // What no fault breaks is no rule.
        #expect(rules == [])
    }
}
