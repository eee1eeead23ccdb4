import Foundation
import Testing

/// Links lead somewhere.
@Suite struct LinkTests {
    @Test(arguments: Article.all)
    func linksLeadToFilesAndHeadings(_ article: Article) throws {
        for line in article.prose {
            for match in line.text.matches(of: /\]\(([^)\s]+)\)|src="([^"]+)"/) {
                let target = String(match.1 ?? match.2 ?? "")
                if target.hasPrefix("https://") { continue }
                let problem = Self.problem(with: target, in: article)
                #expect(problem == nil, "\(article.path):\(line.number): \(target): \(problem ?? "")")
            }
        }
    }

    @Test(arguments: Article.all)
    func articlesThatAreNamedExist(_ article: Article) {
        let names = Set(Article.all.map { URL(filePath: $0.path).deletingPathExtension().lastPathComponent })
        for match in article.text.matches(of: /<doc:(\w+)>/) {
            #expect(names.contains(String(match.1)), "\(article.path): <doc:\(match.1)>")
        }
    }

    @Test func everyPageIsInAnIndex() throws {
        let index = try Article("Documentation/README.md").text
        for article in Article.all where article.path.contains("Documentation") {
            let name = URL(filePath: article.path).lastPathComponent
            if name == "README.md" || name == "Flowmancer.md" { continue }
            #expect(index.contains("\(name))"), "\(article.path) is not in Documentation/README.md")
        }
    }

    private static func problem(with target: String, in article: Article) -> String? {
        let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let folder = Article.root.appending(path: article.path).deletingLastPathComponent()
        let file = parts[0].isEmpty ? Article.root.appending(path: article.path) : folder.appending(path: parts[0])
        guard FileManager.default.fileExists(atPath: file.path) else { return "there is no such file" }
        guard parts.count > 1 else { return nil }
        let path = String(file.standardized.path.dropFirst(Article.root.path.count + 1))
        guard let page = try? Article(path), page.anchors.contains(parts[1]) else { return "there is no such heading" }
        return nil
    }
}
