import FlowmancerCore
import SystemPackage

/// The files that a file includes.
extension JobFileLoader {
    mutating func readIncludes(_ root: SourceMapping, of file: SourceFile, syntax: SourceSyntax) {
        guard let include = root.entries["include"]?.value else { return }
        let expected = "a list of paths"
        guard case .sequence(let items) = include.content else {
            let place = file.location(of: include.mark)
            let path = ParameterPath("include")
            report(.wrongValue(expected: expected, found: include.summary), at: place, path: path)
            return
        }
        for (index, item) in items.enumerated() {
            let path = ParameterPath([.key("include"), .index(index)])
            let entry = IncludeEntry(location: file.location(of: item.mark), path: path)
            guard let name = includedPath(item, entry: entry) else { continue }
            let location = FilePath(context.appRoot).pushing(FilePath(name)).lexicallyNormalized()
            read(name, at: location, syntax: syntax.syntax(ofIncluded: name), entry: entry)
        }
    }

    private mutating func includedPath(_ item: SourceNode, entry: IncludeEntry) -> String? {
        var name: String?
        switch item.content {
        case .plain(let text):
            if case .string = CoreSchema.resolve(text) { name = text }
        case .text(let text), .value(.string(let text)):
            name = text
        case .template(let text):
            var findings: [VariableExpander.Finding] = []
            name = expander.expand(text, findings: &findings)
            for finding in findings {
                report(.variable(finding.problem), at: entry.location, path: entry.path, severity: finding.severity)
            }
        case .expression, .value, .sequence, .mapping:
            break
        }
        // A NUL would end the path early and read another file than the one that is named.
        if let name, !name.isEmpty, !name.utf8.contains(0) { return name }
        report(.wrongValue(expected: "the path of a file", found: item.summary), entry: entry)
        return nil
    }
}
