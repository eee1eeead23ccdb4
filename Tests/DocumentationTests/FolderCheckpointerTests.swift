import FlowmancerTesting
import Foundation
import Testing

@Suite struct FolderCheckpointerTests {
    @Test func itKeepsItsPromises() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        let report = try await CheckpointerConformance {
            try configured(FolderCheckpointer.self, ["folder": .string(folder.path)])
        }.check()
        #expect(report.inapplicable.isEmpty)
    }
}
