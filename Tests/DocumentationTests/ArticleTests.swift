import Foundation
import Testing

/// What articles show in Swift is compiled and tested here.
@Suite struct ArticleTests {
    private static let sources: [String] = {
        let here = URL(filePath: #filePath).deletingLastPathComponent()
        let files = try? FileManager.default.contentsOfDirectory(at: here, includingPropertiesForKeys: nil)
        return (files ?? []).filter { $0.pathExtension == "swift" }
            .compactMap { try? normalised(String(contentsOf: $0, encoding: .utf8)) }
    }()

    @Test(arguments: Article.all)
    func swiftExamplesAreThoseOfTheseSources(_ article: Article) {
        for block in article.blocks(in: "swift") where !Self.isOfManifest(block) {
            let code = Self.normalised(block)
            #expect(code.isEmpty || Self.sources.contains { $0.contains(code) }, "no source has this:\n\(block)")
        }
    }

    @Test func thereAreExamples() {
        #expect(Article.all.flatMap { $0.blocks(in: "swift") }.count > 30)
    }

    /// A manifest cannot be part of a test.
    private static func isOfManifest(_ block: String) -> Bool {
        block.hasPrefix("// swift-tools-version") || block.hasPrefix(".executableTarget")
    }

    /// Leaves out what differs where an example is part of a test: its indentation, its imports, and that a program
    /// begins in it.
    private static func normalised(_ text: String) -> String {
        text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty && !$0.hasPrefix("import ") && $0.firstMatch(of: programStart) == nil }
            .map { line in
                line.replacing(/^(?:@main )?struct (\w+)(?:: FlowmancerApp)? {$/) { match in
                    line.contains("@main") || line.contains("FlowmancerApp") ? "enum \(match.1) {" : line
                }
            }
            .joined(separator: "\n")
    }

    private static var programStart: Regex<Substring> {
        /^(?:@main )?struct \w+: FlowmancerApp {}$|^\w+\.main\(\)$/
    }
}
