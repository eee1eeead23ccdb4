import FlowmancerCore
import OrderedCollections

extension JobDecoder {
    /// Decodes a section of loggers or extensions; `nil` if nothing stands in it, which means the default.
    mutating func decodePlugins(
        _ node: SourceNode,
        _ kind: JobIssue.NamedKind
    ) -> OrderedDictionary<String, PluginDefinition>? {
        guard !node.isNull else { return nil }
        let expected = "a mapping of names to \(kind.plural) ({} for none)"
        guard let mapping = mapping(node, expected: expected) else { return nil }
        var plugins: OrderedDictionary<String, PluginDefinition> = [:]
        for (name, entry) in mapping.entries {
            plugins[name] = within(.key(name)) { $0.decodePlugin(entry.value, kind) }
        }
        return plugins
    }

    mutating func decodePlugin(_ node: SourceNode, _ kind: JobIssue.NamedKind) -> PluginDefinition? {
        var plugin = PluginDefinition.unset
        let expected = "a mapping with '\(kind.rawValue)' in it"
        return decode(node, by: PluginDefinition.keys(of: kind), into: &plugin, expected: expected) ? plugin : nil
    }
}
