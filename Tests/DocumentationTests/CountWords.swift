import Flowmancer

struct CountWords: FlowTask {
    @Parameter var text: String
    @Output("How many words there are.") var wordCount: Int
    @Output var longest: String?

    mutating func run() async throws {
        let words = text.split(separator: " ")
        wordCount = words.count
        longest = words.max { $0.count < $1.count }.map(String.init)
    }
}
