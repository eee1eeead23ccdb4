import FlowmancerCore

/// The command line that continues a run where it stops.
package struct ResumeCommand: Sendable, Hashable {
    /// One word of the command line.
    package enum Word: Sendable, Hashable {
        case plain(String)
        /// `key=value`, where the value may be part of a secret.
        case variable(key: String, value: String)
    }

    /// The directory to call it in.
    package var directory: String
    /// The program and its arguments.
    package var words: [Word]

    package init(directory: String, words: [Word]) {
        self.directory = directory
        self.words = words
    }

    /// Returns the text for a shell, with every secret masked.
    ///
    /// - Parameters:
    ///   - secrets: A value of a variable is hidden, too, that such a text may have been made of.
    ///   - masker: Masks the secrets where they are part of a word.
    func text(hiding secrets: Set<String>, masker: SecretMasker?) -> String {
        let command = words.map { word in
            switch word {
            case .plain(let text): Self.quoted(masker.mask(text))
            case .variable(let key, let value):
                Self.quoted(
                    Self.isRevealing(value, secrets) ? "\(key)=\(SecretText.mask)" : masker.mask("\(key)=\(value)")
                )
            }
        }
        return "cd \(Self.quoted(masker.mask(directory))) && " + command.joined(separator: " ")
    }

    private static func isRevealing(_ value: String, _ secrets: Set<String>) -> Bool {
        guard !value.isEmpty else { return false }
        if secrets.contains(value) { return true }
        // Shorter texts are part of many others by chance.
        return value.utf8.count >= SecretText.minimumLength && secrets.contains { $0.contains(value) }
    }

    /// Puts a word into quotes where a shell would take it for something else.
    private static func quoted(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: plainSigns.contains(byte)
            }
        }
        return isPlain && !word.isEmpty ? word : "'\(word.replacing("'", with: #"'\''"#))'"
    }

    private static let plainSigns = Set("_-./:,+@%".utf8)
}
