import Foundation
import Testing

/// What the pages about reliability and architecture name exists.
@Suite struct PromiseTests {
    /// The suites, and the tests in the files that declare or extend each.
    private static let tests: [String: Set<String>] = {
        var tests: [String: Set<String>] = [:]
        let folder = Article.root.appending(path: "Tests")
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        while let file = files?.nextObject() as? URL {
            guard file.pathExtension == "swift" else { continue }
            let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
            let names = text.matches(of: /func (?:`([^`]+)`|(\w+))/).map { String($0.1 ?? $0.2 ?? "") }
            for match in text.matches(of: /(?:struct|class|actor|enum|extension) (\w+)/) {
                tests[String(match.1), default: []].formUnion(names)
            }
        }
        return tests
    }()

    @Test func everyTestThatIsNamedExists() throws {
        var count = 0
        let folder = Article.root.appending(path: "Tests").path
        let targets = try Set(FileManager.default.contentsOfDirectory(atPath: folder))
        for line in try Article("Documentation/Reliability.md").prose {
            for match in line.text.matches(of: /`(\w+Tests)(?:\.(\w+))?`/) {
                let suite = String(match.1)
                guard let names = Self.tests[suite] else {
                    if targets.contains(suite) { continue }
                    Issue.record("Reliability.md:\(line.number): there is no suite \(suite)")
                    continue
                }
                guard let test = match.2.map(String.init) else { continue }
                count += 1
                #expect(names.contains(test), "Reliability.md:\(line.number): \(suite) has no test \(test)")
            }
        }
        #expect(count > 80)
    }

    @Test func everyPromiseNamesATest() throws {
        for line in try Article("Documentation/Reliability.md").prose where line.text.hasPrefix("|") {
            let last = line.text.components(separatedBy: " | ").last ?? ""
            let test = last.trimmingCharacters(in: CharacterSet(charactersIn: "| "))
            if test == "test" || test.hasSuffix("---") { continue }
            let isNamed = test.contains("Tests") || test.contains("campaign") || test.hasPrefix("none")
            #expect(isNamed, "Reliability.md:\(line.number) names no test: \(test)")
        }
    }

    /// The sources that the page about the architecture names exist.
    @Test func everySourceThatIsNamedExists() throws {
        let sources = FileManager.default.enumerator(atPath: Article.root.appending(path: "Sources").path)
        let paths = (sources?.allObjects as? [String] ?? []).map { "/\($0)" }
        for line in try Article("Documentation/Architecture.md").prose {
            for match in line.text.matches(of: /`([\w\/+]+\.(?:swift|c))`/) {
                let exists = paths.contains { $0.hasSuffix("/\(match.1)") }
                #expect(exists, "Architecture.md:\(line.number): there is no \(match.1)")
            }
        }
    }
}
