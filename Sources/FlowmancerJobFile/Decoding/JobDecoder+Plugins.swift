import FlowmancerCore
import OrderedCollections

extension JobDecoder {
    /// Decodes a section of loggers or extensions; `nil` if nothing stands in it, which means the default.
    mutating func decodePlugins(_ node: SourceNode, kind: String) -> OrderedDictionary<String, PluginDefinition>? {
        guard !node.isNull else { return nil }
        guard let mapping = mapping(node, expected: "a mapping of names to \(kind)s ({} for none)") else { return nil }
        var plugins: OrderedDictionary<String, PluginDefinition> = [:]
        for (name, entry) in mapping.entries {
            plugins[name] = within(.key(name)) { $0.decodePlugin(entry.value, kind: kind) }
        }
        return plugins
    }

    mutating func decodePlugin(_ node: SourceNode, kind: String) -> PluginDefinition? {
        guard let mapping = mapping(node, expected: "a mapping with '\(kind)' in it") else { return nil }
        var plugin = PluginDefinition("")
        for (key, entry) in mapping.entries {
            within(.key(key)) { decoder in
                switch key {
                case kind:
                    let expected = "the name of a type for a \(kind)"
                    if let name = decoder.text(entry.value, expected: expected) { plugin.variant = name }
                case "parameters":
                    plugin.parameters = decoder.decodeParameters(entry.value)
                default:
                    decoder.report(.unknownKey(key, known: [kind, "parameters", "variant"]))
                }
            }
        }
        if mapping.entries[kind] == nil {
            report(.missingKey(kind, expected: "the name of a type for a \(kind)"))
        }
        return plugin
    }
}
