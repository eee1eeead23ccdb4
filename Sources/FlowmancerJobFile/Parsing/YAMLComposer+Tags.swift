import CYaml
import FlowmancerCore

extension YAMLComposer {
    private static let tagPrefix = "tag:yaml.org,2002:"
    /// The tag of text whose variables are replaced however it is written.
    private static let expanding = "!sub"

    /// Refuses a tag that does not fit a list or mapping.
    mutating func checkTag(_ tag: String?, allowed: String, at mark: SourceMark) {
        guard let tag, tag != "!", tag != Self.tagPrefix + allowed else { return }
        guard tag == Self.expanding else { return refuseTag(tag, at: mark) }
        let kind = allowed == "seq" ? "a list" : "a mapping"
        let problem = JobIssue.Problem.wrongValue(
            expected: "text after !sub",
            found: "\(kind); put !sub before each text in it"
        )
        issues.add(problem, at: mark, path: path())
    }

    /// Returns the key that a scalar stands for.
    mutating func key(_ text: String, _ style: ScalarStyle, tag: String?, at place: ScalarPlace) -> String {
        if let tag, tag != "!", tag != Self.expanding, !tag.hasPrefix(Self.tagPrefix) {
            refuseTag(tag, at: place.start)
        }
        if style == .plain || tag == Self.expanding { return issues.expandKey(text, at: place) }
        if VariableScanner.mayFindVariables(in: text) {
            let path = path()
            issues.reviewLiteral(text, .quotedKey, at: place, path: path)
        }
        return text
    }

    private mutating func refuseTag(_ tag: String, at mark: SourceMark) {
        let known = "!sub, !!str, !!int, !!float, !!bool, !!null, !!seq, !!map"
        let short = tag.hasPrefix(Self.tagPrefix) ? "!!" + tag.dropFirst(Self.tagPrefix.count) : tag
        let problem = JobIssue.Problem.wrongValue(
            expected: "no tag, or one of: \(known)",
            found: "the tag \"\(short)\"",
            candidates: [Self.expanding]
        )
        issues.add(problem, at: mark, path: path())
    }

    /// Returns what a scalar stands for.
    mutating func content(of text: String, _ style: ScalarStyle, tag: String?, at place: ScalarPlace)
        -> SourceNode.Content
    {
        let isExpanded = style == .plain || tag == Self.expanding
        let mayHoldVariables = VariableScanner.mayFindVariables(in: text)
        if mayHoldVariables {
            let path = path()
            if isExpression {
                issues.noteVariables(in: text)
            } else if isExpanded {
                issues.review(text, at: place, path: path)
            } else {
                issues.reviewLiteral(text, style.literalPlace, at: place, path: path)
            }
        }
        let isTemplate = mayHoldVariables && isExpanded && VariableScanner.findsVariables(in: text)
        guard let tag else { return isTemplate ? .template(text) : isExpanded ? .plain(text) : .text(text) }
        let name = tag.hasPrefix(Self.tagPrefix) ? String(tag.dropFirst(Self.tagPrefix.count)) : tag
        if isTemplate, ["str", "int", "float", "bool", "null", "!", Self.expanding].contains(name) {
            return .template(text)
        }
        let value = CoreSchema.resolve(text)
        switch (name, value) {
        case ("str", _), ("!", _), (Self.expanding, _): return .text(text)
        case ("int", .int), ("float", .double), ("bool", .bool), ("null", .null): return .value(value)
        case ("float", .int(let number)): return .value(.double(Double(number)))
        case ("int", _), ("float", _), ("bool", _), ("null", _):
            let expected = "a value that fits its tag !!\(name)"
            issues.add(.wrongValue(expected: expected, found: "the text \"\(text)\""), at: place.start, path: path())
        default:
            refuseTag(tag, at: place.start)
        }
        return .plain(text)
    }
}

/// How a scalar is written.
enum ScalarStyle {
    case plain, quoted
    /// Behind `|`.
    case literal
    /// Behind `>`.
    case folded

    init(_ style: yaml_scalar_style_t) {
        switch style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE, YAML_DOUBLE_QUOTED_SCALAR_STYLE: self = .quoted
        case YAML_LITERAL_SCALAR_STYLE: self = .literal
        case YAML_FOLDED_SCALAR_STYLE: self = .folded
        default: self = .plain
        }
    }

    var isBlock: Bool { self == .literal || self == .folded }

    fileprivate var literalPlace: VariableProblem.LiteralPlace {
        switch self {
        case .plain, .quoted: .quotes
        case .literal: .block("|")
        case .folded: .block(">")
        }
    }
}
