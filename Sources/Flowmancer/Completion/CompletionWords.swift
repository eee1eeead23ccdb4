/// The words of a command line that a shell completes: as far as they name a job.
struct CompletionWords {
    private let words: [String]

    /// - Parameter words: The words as they were typed, with their quotes, the program's name first.
    init(_ words: [String]) {
        var merged: [String] = []
        var isOpen = false
        for word in words.dropFirst().map(Self.unquoted) {
            // Bash makes three words of `key=value`.
            if word == "=", !merged.isEmpty {
                merged[merged.count - 1] += "="
                isOpen = true
            } else if isOpen {
                merged[merged.count - 1] += word
                isOpen = false
            } else {
                merged.append(word)
            }
        }
        self.words = merged
    }

    /// Returns the values of an option, by all of its names.
    func values(of names: String...) -> [String] {
        var values: [String] = []
        for (position, word) in words.enumerated() {
            if names.contains(word) {
                if position + 1 < words.count { values.append(words[position + 1]) }
            } else if let name = names.first(where: { word.hasPrefix($0 + "=") }) {
                values.append(String(word.dropFirst(name.count + 1)))
            } else if let name = names.first(where: { $0.count == 2 && word.hasPrefix($0) }) {
                values.append(String(word.dropFirst(name.count)))
            }
        }
        return values
    }

    /// The job file: that of `-j`, or else a word that ends like one.
    var jobFile: String? {
        values(of: "-j", "--jobdef").last
            ?? words.last { word in
                JobFileOption.extensions.contains { word.hasSuffix(".\($0)") } && !word.hasPrefix("-")
            }
    }

    /// The options that say how to read the job.
    var loadingArguments: [String] {
        let type = values(of: "-t", "--type").suffix(1).flatMap { ["--type", $0] }
        let root = values(of: "--app-root").suffix(1).flatMap { ["--app-root", $0] }
        return type + root + values(of: "--var").filter { $0.contains("=") }.flatMap { ["--var", $0] }
    }

    /// Returns a word without its quotes and backslashes.
    static func unquoted(_ word: String) -> String {
        var result = ""
        var quote: Character?
        var isEscaped = false
        for character in word {
            switch (character, quote) {
            case _ where isEscaped:
                result.append(character)
                isEscaped = false
            case ("\\", nil), ("\\", "\""): isEscaped = true
            case ("'", nil), ("\"", nil): quote = character
            case (let character, let open?) where character == open: quote = nil
            default: result.append(character)
            }
        }
        return result
    }
}
