import FlowmancerCore
import OrderedCollections

/// The keys of a job file that have a second spelling.
///
/// Every file's spellings are made one before files are merged, so that a `depends_on` of one file and a `dependencies`
/// of another replace each other.
enum KeyAliases {
    /// Makes the spellings of a file one.
    static func normalize(_ root: inout SourceMapping, in file: SourceFile, issues: inout [JobIssue]) {
        var normalizer = Normalizer(file: file, issues: issues)
        for section in JobSection.all where !section.aliases.isEmpty {
            if section.depth == 1 {
                normalizer.member(section.key, of: &root, path: [], aliases: section.aliases)
            } else {
                normalizer.eachMember(section.key, of: &root, aliases: section.aliases)
            }
        }
        issues = normalizer.issues
    }

    private struct Normalizer {
        let file: SourceFile
        var issues: [JobIssue]

        mutating func eachMember(
            _ section: String,
            of root: inout SourceMapping,
            aliases: [(alias: String, key: String)]
        ) {
            guard let index = root.entries.index(forKey: section),
                case .mapping(var members) = root.entries.values[index].value.content
            else { return }
            root.entries.values[index].value.content = .plain("")  // Lets go, so that `members` is changed in place.
            let names = members.entries.keys
            for position in names.indices {
                rename(in: &members.entries.values[position].value, aliases) { [section, names[position]] }
                if section == "tasks" {
                    members.entries.values[position].value.expandShortForms()
                    normalizeJob(of: &members.entries.values[position].value, aliases)
                }
            }
            root.entries.values[index].value.content = .mapping(members)
        }

        /// Makes the spellings of a job in the place of a task one.
        private mutating func normalizeJob(of task: inout SourceNode, _ aliases: [(alias: String, key: String)]) {
            guard case .mapping(var mapping) = task.content, let index = mapping.entries.index(forKey: "job"),
                case .mapping(var job) = mapping.entries.values[index].value.content
            else { return }
            task.content = .plain("")
            mapping.entries.values[index].value.content = .plain("")
            eachMember("tasks", of: &job, aliases: aliases)
            mapping.entries.values[index].value.content = .mapping(job)
            task.content = .mapping(mapping)
        }

        mutating func member(
            _ key: String,
            of mapping: inout SourceMapping,
            path: [String],
            aliases: [(alias: String, key: String)]
        ) {
            guard let index = mapping.entries.index(forKey: key) else { return }
            rename(in: &mapping.entries.values[index].value, aliases) { path + [key] }
        }

        private mutating func rename(
            in node: inout SourceNode,
            _ aliases: [(alias: String, key: String)],
            path: () -> [String]
        ) {
            guard case .mapping(let mapping) = node.content,
                aliases.contains(where: { mapping.entries.keys.contains($0.alias) })
            else { return }
            var result = SourceMapping()
            for (key, entry) in mapping.entries {
                guard let canonical = aliases.first(where: { $0.alias == key })?.key else {
                    result.entries[key] = entry
                    continue
                }
                if let other = mapping.entries[canonical] {
                    let place = max(entry.keyMark, other.keyMark)
                    let components = (path() + [key]).map(ParameterPath.Component.key)
                    let issue = JobIssue(
                        .bothSpellings(canonical, key),
                        at: ParameterPath(components),
                        location: file.location(of: place)
                    )
                    issues.append(issue)
                } else {
                    result.entries[canonical] = entry
                    result.entries[canonical]?.spelling = key
                }
            }
            node.content = .mapping(result)
        }
    }
}

extension SourceNode {
    /// Writes what a task runs for in its long form, so that the forms of several files replace each other.
    fileprivate mutating func expandShortForms() {
        guard case .mapping(var mapping) = content, let index = mapping.entries.index(forKey: "for_each") else {
            return
        }
        let entry = mapping.entries.values[index]
        if case .mapping(let own) = entry.value.content, own.entries[ForEach.itemsKey] != nil { return }
        guard !entry.value.isNull else { return }
        content = .plain("")
        var items = SourceMapping.Entry(value: entry.value, keyMark: entry.keyMark)
        items.spelling = SourceMapping.unwritten
        mapping.entries.values[index].value.content = .mapping(SourceMapping(entries: [ForEach.itemsKey: items]))
        content = .mapping(mapping)
    }
}
