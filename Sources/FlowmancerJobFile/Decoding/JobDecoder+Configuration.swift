import FlowmancerCore

extension JobDecoder {
    private static let configurationKeys = JobFileKeys.configuration.map(\.key)

    mutating func decodeConfiguration(_ node: SourceNode, into configuration: inout JobConfiguration) {
        let expected = "a mapping of settings, such as name"
        guard let mapping = mapping(node, expected: expected) else { return }
        for (key, entry) in mapping.entries {
            within(.key(key)) { $0.decodeSetting(key, entry.value, into: &configuration) }
        }
    }

    private mutating func decodeSetting(_ key: String, _ node: SourceNode, into configuration: inout JobConfiguration) {
        switch key {
        case "name":
            if let name = text(node, expected: "the job's name (text)") { configuration.name = name }
        case "max_concurrency":
            set(&configuration.maxConcurrency, node)
        case "extension_directories":
            set(&configuration.extensionDirectories, node)
        case "extension_packages":
            set(&configuration.extensionPackages, node)
        case "synchro_interval_seconds":
            set(&configuration.synchroInterval, node)
        case "loggers_interval_seconds":
            set(&configuration.loggersInterval, node)
        case "extensions_interval_seconds":
            set(&configuration.extensionsInterval, node)
        case "checkpointer_interval_seconds":
            set(&configuration.checkpointerInterval, node)
        case "task_timeout":
            set(&configuration.taskTimeout, node)
        case "abort_grace_seconds":
            set(&configuration.abortGrace, node)
        case "plugin_grace_seconds":
            set(&configuration.pluginGrace, node)
        case "isolation":
            set(&configuration.isolation, node)
        case "merge_output":
            set(&configuration.mergesOutput, node)
        default:
            report(.unknownKey(key, known: Self.configurationKeys))
        }
    }

    private mutating func set<Value>(_ setting: inout Value, _ node: SourceNode) {
        if let value = convert(node, to: Value.self) { setting = value }
    }
}
