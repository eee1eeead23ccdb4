import Foundation
import Testing

@testable import FlowmancerDashboard

@Suite struct PageFilesTests {
    /// `Scripts/embed-page` lists them.
    @Test func allFilesOfThePageAreInTheProgram() throws {
        let directory = PythonTools.root.appending(path: "Sources/FlowmancerDashboard/Page").path
        let files = try FileManager.default.contentsOfDirectory(atPath: directory)
        #expect(PageFiles.names == Set(files).union(["openapi.json"]))
    }
}
