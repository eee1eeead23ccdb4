import Foundation
import Testing

/// A page of the documentation.
struct Article: Sendable, CustomTestStringConvertible {
    /// The path in the repository.
    let path: String
    let text: String

    static let root = URL(filePath: #filePath).appending(path: "../../..").standardized

    /// All pages of the repository.
    static let all: [Article] = {
        let examples = ["", "DataPipeline/", "Deployment/", "BuildMatrix/", "NightlyBackup/"]
        let single =
            ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "Benchmarks/README.md"]
            + examples.map { "Examples/\($0)README.md" }
        let folders = ["Documentation", "Sources/Flowmancer/Documentation.docc"]
        let listed = folders.flatMap { folder in
            let names = try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path)
            return (names ?? []).sorted().filter { $0.hasSuffix(".md") }.map { "\(folder)/\($0)" }
        }
        return (single + listed).compactMap { try? Article($0) }
    }()

    init(_ path: String) throws {
        self.path = path
        text = try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
    }

    var testDescription: String { path }

    /// The blocks of code in a language, in their order.
    func blocks(in language: String) -> [String] {
        text.components(separatedBy: "```\(language)\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }
    }

    /// The lines outside of blocks of code, with their numbers.
    var prose: [(number: Int, text: String)] {
        var isCode = false
        var lines: [(number: Int, text: String)] = []
        for (index, line) in text.components(separatedBy: "\n").enumerated() {
            if line.hasPrefix("```") {
                isCode.toggle()
            } else if !isCode {
                lines.append((index + 1, line))
            }
        }
        return lines
    }

    /// What links to headings of this page say after the `#`.
    var anchors: Set<String> {
        Set(
            prose.filter { $0.text.hasPrefix("#") }.map { line in
                line.text.drop { $0 == "#" }.dropFirst().lowercased()
                    .filter { $0.isLetter || $0.isNumber || " -_".contains($0) }
                    .replacingOccurrences(of: " ", with: "-")
            }
        )
    }
}
