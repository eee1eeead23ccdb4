/// What is known of an error that describes itself as `NSError` does: `Error Domain=… Code=… "…"UserInfo={…}`.
///
/// Full Foundation has words for such errors, but loading it makes every start slower. So the facts are read from the
/// description and, for what belongs to the error, from its mirror.
struct SystemErrorText {
    private let domain: String
    private let code: String
    /// What stands in quotation marks: the system's words for the code.
    private let quoted: String?
    private let userInfo: [String: Any]

    /// Reads a description; `nil` if it is none of this kind.
    init?(_ text: String, of error: any Error) {
        guard text.hasPrefix("Error Domain="), let code = text.firstRange(of: " Code=") else { return nil }
        domain = String(text[..<code.lowerBound].dropFirst("Error Domain=".count))
        let rest = text[code.upperBound...]
        self.code = String(rest.prefix { $0 != " " })
        let end = text.firstRange(of: "UserInfo={")?.lowerBound ?? text.endIndex
        let words = rest[..<max(rest.startIndex, end)].drop { $0 != "\"" }.dropFirst()
        quoted = words.lastIndex(of: "\"").map { String(words[..<$0]) }.flatMap { $0 == "(null)" ? nil : $0 }
        userInfo = Self.userInfo(of: Mirror(reflecting: error)) ?? [:]
    }

    /// An `NSError` keeps it in `_userInfo`, a `CocoaError` in `userInfo`; the errors of the URL system wrap an `NSError`.
    private static func userInfo(of mirror: Mirror) -> [String: Any]? {
        for child in mirror.children {
            switch child.label {
            case "_userInfo", "userInfo":
                if let userInfo = child.value as? [String: Any] { return userInfo }
            case "_nsError": return userInfo(of: Mirror(reflecting: child.value))
            default: break
            }
        }
        return mirror.superclassMirror.flatMap(userInfo)
    }

    /// The description and what it is about, with domain and code.
    var words: String {
        let description = text(of: "NSLocalizedDescription") ?? quoted ?? underlying
        let parts = [
            description, text(of: "NSLocalizedFailureReason"), text(of: "NSLocalizedRecoverySuggestion"),
        ]
        guard let said = Sentences.joined(parts) else { return [domain, code].joined(separator: " ") + subject }
        let sentence = subject.isEmpty || said.last != "." ? said : String(said.dropLast())
        return "\(sentence)\(subject) (\(domain) \(code))"
    }

    /// The file or the address that the error is about.
    private var subject: String {
        let subject = text(of: "NSFilePath") ?? text(of: "NSErrorFailingURLStringKey")
        return subject.map { ": \($0)" } ?? ""
    }

    private var underlying: String? { (userInfo["NSUnderlyingError"] as? any Error)?.inWords }

    private func text(of key: String) -> String? {
        userInfo[key].map { $0 as? String ?? "\($0)" }.flatMap { $0.isEmpty ? nil : $0 }
    }
}
