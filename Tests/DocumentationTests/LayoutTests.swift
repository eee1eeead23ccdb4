import Foundation
import Testing

/// Pages are easy to read as text, too.
@Suite struct LayoutTests {
    @Test(arguments: Article.all)
    func linesAreShort(_ article: Article) {
        // A row of a table cannot be broken.
        for line in article.prose where line.text.count > 120 && !line.text.hasPrefix("|") {
            Issue.record("\(article.path):\(line.number) has \(line.text.count) columns")
        }
    }

    @Test func theReadmeIsShort() throws {
        #expect(try Article("README.md").text.utf8.count <= 8_192)
    }

    @Test(arguments: Article.all)
    func wordsThatSoundTranslatedAreAvoided(_ article: Article) {
        let words = /\b(?:whoever|by means of|beforehand|for ever|take their leave)\b/.ignoresCase()
        for line in article.prose {
            for match in line.text.matches(of: words) {
                Issue.record("\(article.path):\(line.number) says '\(match.output)'")
            }
        }
    }
}
