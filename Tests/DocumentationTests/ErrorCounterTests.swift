import Flowmancer
import FlowmancerTesting
import Foundation
import Testing

@Suite struct ErrorCounterTests {
    @Test func itTakesEverythingThatTasksWrite() async throws {
        let target = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: target) }
        try await LoggerConformance {
            try configured(ErrorCounter.self, ["target": .string(target.path), "threshold": "warning"])
        }.check()
    }
}
