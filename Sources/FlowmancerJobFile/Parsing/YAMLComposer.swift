import CYaml
import FlowmancerCore

/// Builds the tree of a YAML file from libyaml's events.
///
/// Yams' own `compose` is passed over: it recurses as deeply as the file nests, stops at the first mapping with a
/// duplicate key, and tells neither an alias nor a `<<` from what it stands for.
struct YAMLComposer {
    var issues: SourceIssues
    private var open: [OpenCollection] = []
    private var anchors: [String: (node: SourceNode, size: SourceSize)] = [:]
    private var root: SourceNode?
    private var written = 0
    private var repeated = 0

    /// How many values aliases may stand for, apart from a share of what the file itself holds.
    private static let maximumRepeated = 1_000_000

    static func compose(_ file: SourceFile, expander: VariableExpander) -> ParsedSource {
        var composer = YAMLComposer(issues: SourceIssues(file: file, expander: expander))
        let isComplete = composer.run()
        let issues = composer.issues
        return ParsedSource(root: isComplete ? composer.root : nil, issues: issues.list, mentioned: issues.mentioned)
    }

    private init(issues: SourceIssues) {
        self.issues = issues
    }

    /// Returns whether the file was read to its end.
    private mutating func run() -> Bool {
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        defer { parser.deallocate() }
        let (bytes, textStart) = (issues.file.bytes, issues.file.textStart)
        guard yaml_parser_initialize(parser) == 1 else {
            issues.add(.syntax("there is not enough memory to read the file"), at: issues.file.mark(line: 1, column: 1))
            return false
        }
        defer { yaml_parser_delete(parser) }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        return bytes.withUnsafeBufferPointer { bytes in
            let text = UnsafeBufferPointer(rebasing: bytes[textStart...])
            yaml_parser_set_input_string(parser, text.baseAddress, text.count)
            return handleEvents(of: parser)
        }
    }

    private mutating func handleEvents(of parser: UnsafeMutablePointer<yaml_parser_t>) -> Bool {
        var event = yaml_event_t()
        var documents = 0
        while true {
            guard yaml_parser_parse(parser, &event) == 1 else {
                let (text, mark) = YAMLSyntaxError.describe(parser.pointee, in: issues.file)
                if YAMLSyntaxError.isLimit(parser.pointee) { return refuseDepth(at: mark) }
                issues.add(.syntax(text), at: mark, path: path())
                return false
            }
            defer { yaml_event_delete(&event) }
            let mark = issues.file.mark(line: event.start_mark.line + 1, column: event.start_mark.column + 1)
            switch event.type {
            case YAML_DOCUMENT_START_EVENT:
                documents += 1
                if documents > 1 {
                    issues.add(.syntax("a second document begins here; a job file can contain only one"), at: mark)
                    return true
                }
            case YAML_SCALAR_EVENT:
                let end = event.end_mark
                addScalar(event.data.scalar, at: mark, to: issues.file.mark(line: end.line + 1, column: end.column + 1))
            case YAML_ALIAS_EVENT:
                guard addAlias(Self.text(event.data.alias.anchor) ?? "", at: mark) else { return false }
            case YAML_SEQUENCE_START_EVENT:
                let start = event.data.sequence_start
                checkTag(Self.text(start.tag), allowed: "seq", at: mark)
                guard begin(.sequence, anchor: Self.text(start.anchor), at: mark) else { return false }
            case YAML_MAPPING_START_EVENT:
                let start = event.data.mapping_start
                checkTag(Self.text(start.tag), allowed: "map", at: mark)
                guard begin(.mapping, anchor: Self.text(start.anchor), at: mark) else { return false }
            case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
                if let closed = open.popLast() {
                    let (anchor, size) = (closed.anchor, closed.size)
                    add(closed.close(), size, anchor: anchor)
                }
            case YAML_STREAM_END_EVENT:
                return true
            default:
                break
            }
        }
    }

    private mutating func begin(_ kind: OpenCollection.Kind, anchor: String?, at mark: SourceMark) -> Bool {
        written += 1
        guard open.count < SourceSyntax.maximumDepth else { return refuseDepth(at: mark) }
        open.append(OpenCollection(kind, at: mark, anchor: anchor))
        return true
    }

    private mutating func addScalar(
        _ scalar: yaml_event_t.__Unnamed_union_data.__Unnamed_struct_scalar,
        at mark: SourceMark,
        to end: SourceMark
    ) {
        written += 1
        let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
        let style = ScalarStyle(scalar.style)
        let (anchor, tag) = (Self.text(scalar.anchor), Self.text(scalar.tag))
        let place = ScalarPlace(start: mark, end: end, isBlock: style.isBlock)
        if case .key? = open.last?.next {
            setKey(text, style, tag: tag, at: place)
            if let anchor { anchors[anchor] = (SourceNode(.text(text), at: mark), SourceSize()) }
            return
        }
        var content = content(of: text, style, tag: tag, at: place)
        if isExpression {
            let (written, start) = issues.written(in: place)
            content = .expression(
                ExpressionSource(text, ordinary: content, written: written, from: start, isBlock: style.isBlock)
            )
        }
        add(SourceNode(content, at: mark), SourceSize(), anchor: anchor)
    }

    private mutating func addAlias(_ name: String, at mark: SourceMark) -> Bool {
        if open.contains(where: { $0.anchor == name }) {
            issues.add(
                .syntax("the anchor '\(name)' stands for a value that contains it"),
                at: mark,
                path: path()
            )
            add(SourceNode(.plain(""), at: mark), SourceSize(), anchor: nil)
            return true
        }
        guard let (node, size) = anchors[name] else {
            let nearest = name.nearest(among: anchors.keys.sorted())
            let hint = nearest.map { "; did you mean '\($0)'?" } ?? "; an anchor is written &\(name), before its use"
            issues.add(.syntax("no anchor is named '\(name)'\(hint)"), at: mark, path: path())
            add(SourceNode(.plain(""), at: mark), SourceSize(), anchor: nil)
            return true
        }
        guard open.count + size.height <= SourceSyntax.maximumDepth else { return refuseDepth(at: mark) }
        repeated += size.count
        guard repeated <= Self.maximumRepeated + 20 * written else {
            let text = "the aliases of this file stand for more than \(repeated) values in all; use fewer aliases"
            issues.add(.limitExceeded(text), at: mark, path: path())
            return false
        }
        add(node, size, anchor: nil)
        return true
    }

    private mutating func refuseDepth(at mark: SourceMark) -> Bool {
        let text = "lists and mappings are nested more than \(SourceSyntax.maximumDepth) levels deep"
        issues.add(.limitExceeded(text), at: mark)
        return false
    }

    /// Puts a finished value where it belongs.
    private mutating func add(_ node: SourceNode, _ size: SourceSize, anchor: String?) {
        if let anchor { anchors[anchor] = (node, size) }
        guard let last = open.indices.last else {
            root = node
            return
        }
        open[last].size.add(size)
        switch open[last].next {
        case .item:
            open[last].items.append(node)
        case .key:
            addKey(node)
        case .value(let key, let mark):
            open[last].next = .key
            if let first = open[last].mapping.insert(node, key: key, at: mark) {
                refuseDuplicate(key, first: first, at: mark)
            }
        case .merged:
            open[last].next = .key
            addMerged(node)
        case .discarded:
            open[last].next = .key
        }
    }

    private mutating func setKey(_ text: String, _ style: ScalarStyle, tag: String?, at place: ScalarPlace) {
        if style == .plain, text == "<<" { return setMerge(at: place.start) }
        open[open.count - 1].next = .value(key: key(text, style, tag: tag, at: place), place.start)
    }

    private mutating func setMerge(at mark: SourceMark) {
        let last = open.count - 1
        open[last].next = .merged(mark)
        if let first = open[last].mergeMark {
            refuseDuplicate("<<", first: first, at: mark)
        } else {
            open[last].mergeMark = mark
        }
    }

    /// Takes an alias, a list or a mapping that stands in a key's place.
    private mutating func addKey(_ node: SourceNode) {
        switch node.content {
        case .plain(let text), .text(let text):
            open[open.count - 1].next = .value(key: text, node.mark)
        case .template(let text):
            let key = issues.expandKey(text, at: ScalarPlace(start: node.mark))
            open[open.count - 1].next = .value(key: key, node.mark)
        case .expression(let source):
            addKey(SourceNode(source.ordinary, at: node.mark))
        case .value, .sequence, .mapping:
            issues.add(.wrongValue(expected: "a key (text)", found: node.summary), at: node.mark, path: path())
            open[open.count - 1].next = .discarded
        }
    }

    private mutating func addMerged(_ node: SourceNode) {
        let last = open.count - 1
        let sources: [SourceNode]
        if case .sequence(let items) = node.content { sources = items } else { sources = [node] }
        for source in sources {
            if case .mapping(let mapping) = source.content {
                open[last].mergeSources.append(mapping)
            } else {
                let expected = "a mapping or a list of mappings after '<<'"
                issues.add(.wrongValue(expected: expected, found: source.summary), at: source.mark, path: path())
            }
        }
    }

    private mutating func refuseDuplicate(_ key: String, first: SourceMark, at mark: SourceMark) {
        let place = issues.file.location(of: first)
        issues.add(.duplicateKey(key, first: place), at: mark, path: path().appending(key))
    }

    /// Whether the value that comes next is an expression.
    var isExpression: Bool {
        guard case .value(let key, _)? = open.last?.next, JobSection.expressionKeys.contains(key) else { return false }
        return JobSection.isExpression(at: path().components)
    }

    /// The path of the value that comes next.
    func path() -> ParameterPath {
        ParameterPath(open.compactMap(\.nextComponent))
    }

    private static func text(_ pointer: UnsafePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: $0) }
    }

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: $0) }
    }
}
