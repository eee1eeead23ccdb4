/// A text that must not be shown, such as a private key. Printing it, or what contains it, does not show it.
struct PrivateText: Sendable, Hashable, Codable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The text itself.
    let text: String

    init(_ text: String) {
        self.text = text
    }

    init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(String.self)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    var description: String { "(private)" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }
}
