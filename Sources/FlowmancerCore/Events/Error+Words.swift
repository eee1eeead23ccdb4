import FoundationEssentials

extension Error {
    /// The error in words: what its author says for people, or else what is known of it.
    ///
    /// - For a `LocalizedError`, its description, reason and advice.
    /// - For an `NSError` and its like, such as `URLError`, its description with domain and code.
    /// - For others, their `description`, or else a reflection of their value.
    package var inWords: String {
        if let words = (self as? any LocalizedError)?.localizedWords { return words }
        let text = "\(self)"
        if let words = SystemErrorText(text, of: self)?.words { return words }
        return text.isEmpty ? "\(type(of: self))" : text
    }
}

extension LocalizedError {
    fileprivate var localizedWords: String? {
        Sentences.joined([errorDescription, failureReason, recoverySuggestion])
    }
}

/// Joins what errors say, which may or may not be whole sentences.
enum Sentences {
    static func joined(_ parts: [String?]) -> String? {
        var text = ""
        for case let part? in parts where !part.isEmpty && !text.contains(part) {
            if !text.isEmpty { text += text.last?.isPunctuation == true ? " " : ". " }
            text += part
        }
        return text.isEmpty ? nil : text
    }
}
