import Foundation
import Testing

/// What articles show is what is compiled and tested here.
@Suite struct ArticleTests {
    private static let here = URL(filePath: #filePath).deletingLastPathComponent()

    @Test(arguments: [
        "Documentation/Migrating",
        "Sources/Flowmancer/Documentation.docc/TestingATask",
        "Sources/Flowmancer/Documentation.docc/WritingACheckpointer",
        "Sources/Flowmancer/Documentation.docc/WritingALogger",
        "Sources/Flowmancer/Documentation.docc/WritingAnExtension",
    ])
    func examplesAreThoseOfTheseSources(_ article: String) throws {
        let sources = try FileManager.default.contentsOfDirectory(at: Self.here, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "swift" }
            .map { try Self.normalised(String(contentsOf: $0, encoding: .utf8)) }
        let blocks = try Article(Self.here.appending(path: "../../\(article).md")).blocks(in: "swift")
            .filter { !Self.isOfPackage($0) }
        #expect(blocks.count > 1)
        for block in blocks {
            let code = Self.normalised(block)
            // The lines that name what is imported are left out where they would only be repeated.
            #expect(sources.contains { $0.contains(code) }, "no source has this:\n\(block)")
        }
    }

    /// What a package has beside its types cannot be part of a test: its manifest, and where its program begins.
    private static func isOfPackage(_ block: String) -> Bool {
        block.hasPrefix("// swift-tools-version") || block.contains(": FlowmancerApp {")
    }

    /// Indentation differs where an example is part of something.
    private static func normalised(_ text: String) -> String {
        text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
            .joined(separator: "\n")
    }
}
