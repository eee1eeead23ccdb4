/// What the author of a job file can know of an output.
package struct OutputDescription: Sendable, Hashable {
    /// The name by which the value is published.
    package let key: String
    /// The property's name in Swift.
    package let propertyName: String
    package let help: String
    package let type: TypeDescription

    package init(key: String, propertyName: String, help: String, type: TypeDescription) {
        self.key = key
        self.propertyName = propertyName
        self.help = help
        self.type = type
    }
}

extension GroupDescription {
    /// What the type is for, and what its tasks publish; empty if neither is known.
    package var summary: String {
        guard !outputs.isEmpty else { return abstract }
        let published = outputs.map { output in
            "`\(output.key)` (\(output.type.words))\(output.help.isEmpty ? "" : ": \(output.help)")"
        }
        return (abstract.isEmpty ? "" : "\(abstract)\n\n") + "Publishes:\n- \(published.joined(separator: "\n- "))"
    }
}
