import CFlowmancerCommand
package import FlowmancerCore

extension CommandRequest {
    /// The command in one piece of memory, as `command.h` describes it.
    ///
    /// - Parameters:
    ///   - attempt: What a report about it is to name.
    ///   - mergesOutput: Whether standard error is standard output.
    ///   - writesToSecond: Whether it writes to the second pair of pipes of its shim.
    ///   - additions: Variables that are set unless the command changes them itself.
    package func frame(
        attempt: UInt64,
        mergesOutput: Bool,
        writesToSecond: Bool = false,
        adding additions: [String: String] = [:]
    ) -> [UInt8] {
        var header = flowmancer_command()
        header.kind = FLOWMANCER_RUN_COMMAND.rawValue
        header.attempt = attempt
        header.words = UInt32(words.count)
        header.shell_words = UInt32(shellWords.count)
        header.changes = UInt32(additions.count + environment.count)
        header.has_input = input != nil
        header.has_directory = directory != nil
        header.merges_output = mergesOutput
        header.writes_to_second = writesToSecond
        let headerSize = MemoryLayout<flowmancer_command>.size
        var bytes = [UInt8](repeating: 0, count: headerSize)
        if let directory { bytes.append(systemText: directory) }
        for word in words { bytes.append(systemText: word) }
        for word in shellWords { bytes.append(systemText: word) }
        // Of several changes of one variable, the last one counts.
        for (name, value) in additions { bytes.append(systemText: "\(name)=\(value)") }
        for (name, value) in environment { bytes.append(systemText: value.map { "\(name)=\($0)" } ?? name) }
        if let input {
            let text = input.systemBytes
            header.input = UInt32(truncatingIfNeeded: text.count)
            bytes += text
        }
        header.size = UInt32(truncatingIfNeeded: bytes.count)
        withUnsafeBytes(of: header) { bytes.replaceSubrange(..<headerSize, with: $0) }
        return bytes
    }

    /// What tells a shim that the command of an attempt is to end.
    package static func ending(attempt: UInt64) -> [UInt8] {
        message(FLOWMANCER_END_COMMAND, attempt)
    }

    /// What asks a shim for a command that it holds.
    package static func recalling(attempt: UInt64) -> [UInt8] {
        message(FLOWMANCER_RECALL_COMMAND, attempt)
    }

    private static func message(_ kind: flowmancer_command_kind, _ attempt: UInt64) -> [UInt8] {
        var header = flowmancer_command()
        header.size = UInt32(MemoryLayout<flowmancer_command>.size)
        header.kind = kind.rawValue
        header.attempt = attempt
        return withUnsafeBytes(of: header) { Array($0) }
    }
}

extension [UInt8] {
    /// Appends a text as the system takes it, with a zero behind it.
    fileprivate mutating func append(systemText text: String) {
        if text.holdsSystemBytes { append(contentsOf: text.systemBytes) } else { append(contentsOf: text.utf8) }
        append(0)
    }
}
