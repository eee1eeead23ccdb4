import Flowmancer
import Foundation

struct CountLines: FlowTask {
    @Parameter("The file to read.") var file: String
    @Parameter var ignoresBlankLines = true

    func run() async throws {
        let text = try String(contentsOfFile: file, encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: ignoresBlankLines)
        print("\(lines.count) lines")
        try await sharedDict.set("lines", to: lines.count)
    }
}

struct AddLines: FlowTask {
    func run() async throws {
        let lines: Int = try await sharedDict.get("lines")
        try await sharedDict.update("total", default: 0) { $0 += lines }
        let title = try await sharedDict.getIfPresent("title") ?? "lines"
        print("\(title): \(try await sharedDict.get("total", as: Int.self))")
    }
}
