import FlowmancerCore
import OrderedCollections

/// A value as a file holds it, with its place; variables are not expanded and numbers not yet told from text.
struct SourceNode: Sendable {
    enum Content: Sendable {
        /// Unquoted text: a number, a truth value, nothing, or else text.
        case plain(String)
        /// Text, whatever it looks like.
        case text(String)
        /// Text in which variables are to be expanded.
        case template(String)
        /// A scalar under a key whose values are expressions.
        case expression(ExpressionSource)
        /// A scalar whose type a tag fixed.
        case value(ParameterValue)
        case sequence([SourceNode])
        case mapping(SourceMapping)
    }

    var content: Content
    var mark: SourceMark

    init(_ content: Content, at mark: SourceMark) {
        self.content = content
        self.mark = mark
    }

    /// Whether the value is "nothing": `null`, `~`, or nothing at all.
    var isNull: Bool {
        switch content {
        case .plain(let text): CoreSchema.resolve(text) == .null
        case .value(let value): value == .null
        case .expression(let source): SourceNode(source.ordinary, at: mark).isNull
        case .text, .template, .sequence, .mapping: false
        }
    }

    /// The text of a scalar as the file has it, without quotes and with its variables; `nil` for anything else.
    var scalarText: String? {
        switch content {
        case .plain(let text), .text(let text), .template(let text): text
        case .expression(let source): source.text
        case .value(let value): value.scalarText
        case .sequence, .mapping: nil
        }
    }

    /// The value as a message describes it: "a list of 2 items".
    var summary: String {
        switch content {
        case .plain(let text): CoreSchema.resolve(text).description
        case .text(let text), .template(let text): ParameterValue.string(text).description
        case .expression(let source): SourceNode(source.ordinary, at: mark).summary
        case .value(let value): value.description
        case .sequence(let items): ParameterValue.array(Array(repeating: .null, count: items.count)).description
        case .mapping(let mapping): ParameterValue.object(mapping.entries.mapValues { _ in .null }).description
        }
    }
}

/// The keys and values of a mapping, in the order of the file.
struct SourceMapping: Sendable {
    /// One value and the place of its key.
    struct Entry: Sendable {
        var value: SourceNode
        var keyMark: SourceMark
        /// The key as the file spells it, if that is not the name under which it is known.
        var spelling: String?
    }

    var entries: OrderedDictionary<String, Entry> = [:]

    /// The spelling of a key that no file has.
    static let unwritten = ""
}
