import Foundation

/// A page of the documentation.
struct Article {
    private let text: String

    init(_ file: URL) throws {
        text = try String(contentsOf: file, encoding: .utf8)
    }

    /// The blocks of code in a language, in their order.
    func blocks(in language: String) -> [String] {
        text.components(separatedBy: "```\(language)\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }
    }
}
