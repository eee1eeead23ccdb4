import Flowmancer
import FlowmancerTesting
import TestSupport
import Testing

@Suite struct CheckpointerConformanceTests {
    private func suite(_ fault: FaultyCheckpointer.Fault?) -> CheckpointerConformance<FaultyCheckpointer> {
        let storage = FaultyCheckpointer.Storage()
        var suite = CheckpointerConformance { FaultyCheckpointer(fault, storage) }
        if fault == .hangsInLock { suite.timeLimit = .milliseconds(500) }
        return suite
    }

    @Test func aCheckpointerThatKeepsItsPromisesPasses() async throws {
        let report = try await suite(nil).check()
        #expect(report.inapplicable == [])
        #expect(report.held.count == Set(report.held).count)
    }

    @Test func theBuiltInOnePasses() async throws {
        let directory = try TemporaryDirectory()
        let report = try await CheckpointerConformance {
            try configured(FileCheckpointer.self, ["checkpoint_dir": .string(directory.path)])
        }.check()
        #expect(report.inapplicable == [])
    }

    @Test func journalAndLockMayBeLeftOut() async throws {
        let storage = FaultyCheckpointer.Storage()
        let report = try await CheckpointerConformance { PlainCheckpointer(storage: storage) }.check()
        #expect(report.held.count == 10)
        #expect(report.inapplicable.count == 20)
    }

    @Test func everyFaultIsFoundAndEveryRuleNeeded() async throws {
        var rules = Set(try await suite(nil).check().held)
        for fault in FaultyCheckpointer.Fault.allCases {
            let error = await #expect(throws: ConformanceError.self, "\(fault)") { try await suite(fault).check() }
            rules.subtract(error?.violations.map(\.rule) ?? [])
        }
        // What no fault breaks is no rule.
        #expect(rules == [])
    }

    @Test func violationsAreInWords() async throws {
        let error = try await #require(throws: ConformanceError.self) { try await suite(.cutsLargeValues).check() }
        #expect(error.subject == "FaultyCheckpointer")
        let value = #""0123456789abcdé0123456789abcdé012345678…"#
        #expect(
            "\(error)" == """
                FaultyCheckpointer breaks 1 rule:
                  values of a megabyte are read back: after a write of large values, the shared value 'x' is \
                \(value) (69905 bytes) instead of \(value) (1048578 bytes)
                """
        )
        let hanging = try await #require(throws: ConformanceError.self) { try await suite(.hangsInLock).check() }
        #expect("\(hanging)".contains("no end within 0.5 seconds"))
    }

    /// Only the three methods of the original.
    private struct PlainCheckpointer: FlowCheckpointer {
        private let inner: FaultyCheckpointer

        init() { self.init(storage: FaultyCheckpointer.Storage()) }

        init(storage: FaultyCheckpointer.Storage) { inner = FaultyCheckpointer(nil, storage) }

        func writeCheckpoint(_ contents: CheckpointContents, for name: String) async throws {
            try await inner.writeCheckpoint(contents, for: name)
        }

        func readCheckpoint(for name: String) async throws -> CheckpointContents {
            try await inner.readCheckpoint(for: name)
        }

        func clearCheckpoint(for name: String) async throws { try await inner.clearCheckpoint(for: name) }
    }
}
