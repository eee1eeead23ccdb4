import FlowmancerCore

// What the engine tells people about the machines of executors, in words.
extension RunNotice {
    /// Something about the machines of an executor.
    static func executor(_ name: String, _ news: ClusterNote) -> RunNotice {
        let plugin = "executors.\(name)"
        return switch news {
        case .joined(let node, let capacity):
            note(.executor, "\(node) joined '\(name)' with \(capacity.words).", plugin: plugin)
        case .waiting(let count, let reasons):
            note(
                .executor,
                "Waiting for \(count == 1 ? "a machine" : "\(count) machines") of '\(name)': "
                    + reasons.joined(separator: "; ") + ".",
                plugin: plugin
            )
        case .lost(let node, let reason, let attempts):
            warning(
                .executor,
                "'\(name)' lost \(node): \(reason). Attempts that are lost with it: \(attempts).",
                plugin: plugin
            )
        case .stillborn(let pilot, let reason):
            warning(
                .executor,
                "The pilot \(pilot) of '\(name)' ended before it had connected: \(reason).",
                plugin: plugin
            )
        case .notRequested(let reason):
            warning(
                .executor,
                "'\(name)' could not be asked for machines: \(reason). That is tried again.",
                plugin: plugin
            )
        case .leftovers(let count):
            note(
                .executor,
                "Waiting for \(count == 1 ? "a pilot" : "pilots") of '\(name)' to end that an earlier run left.",
                plugin: plugin
            )
        case .said(let node, let text):
            warning(.executor, "\(node) of '\(name)': \(text).", plugin: plugin)
        }
    }
}
