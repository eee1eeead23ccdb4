import Foundation
import Testing

/// What articles show is what is compiled and tested here.
@Suite struct ArticleTests {
    private static let here = URL(filePath: #filePath).deletingLastPathComponent()
    private static let articles = here.appending(path: "../../Sources/Flowmancer/Documentation.docc")

    @Test(arguments: ["TestingATask", "WritingACheckpointer"])
    func examplesAreThoseOfTheseSources(_ article: String) throws {
        let text = try String(contentsOf: Self.articles.appending(path: "\(article).md"), encoding: .utf8)
        let sources = try FileManager.default.contentsOfDirectory(at: Self.here, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "swift" }
            .map { try Self.normalised(String(contentsOf: $0, encoding: .utf8)) }
        let blocks = text.components(separatedBy: "```swift\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }
        #expect(blocks.count > 2)
        for block in blocks {
            let code = Self.normalised(block)
            // The lines that name what is imported are left out where they would only be repeated.
            #expect(sources.contains { $0.contains(code) }, "no source has this:\n\(block)")
        }
    }

    /// Indentation differs where an example is part of something.
    private static func normalised(_ text: String) -> String {
        text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
            .joined(separator: "\n")
    }
}
