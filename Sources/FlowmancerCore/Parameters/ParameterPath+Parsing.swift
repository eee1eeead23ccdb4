extension ParameterPath {
    /// Reads a path as ``description`` writes it: `tasks.a.parameters.hosts[0]`, `tasks."a.b".task`.
    ///
    /// - Returns: `nil` if the text is no path: a step is empty, or a quote or bracket is not closed.
    package init?(parsing text: String) {
        var components: [Component] = []
        var rest = text[...]
        while let first = rest.first {
            if first == "[" {
                guard !components.isEmpty, let end = rest.firstIndex(of: "]"),
                    let index = Int(rest[..<end].dropFirst()), index >= 0
                else { return nil }
                components.append(.index(index))
                rest = rest[end...].dropFirst()
            } else {
                if !components.isEmpty {
                    guard first == "." else { return nil }
                    rest = rest.dropFirst()
                }
                guard let key = rest.first == "\"" ? Self.quotedKey(&rest) : Self.plainKey(&rest) else { return nil }
                components.append(.key(key))
            }
        }
        guard !components.isEmpty else { return nil }
        self.init(components)
    }

    private static func plainKey(_ rest: inout Substring) -> String? {
        let key = rest.prefix { $0 != "." && $0 != "[" }
        rest = rest[key.endIndex...]
        return key.isEmpty ? nil : String(key)
    }

    private static func quotedKey(_ rest: inout Substring) -> String? {
        var key = ""
        rest = rest.dropFirst()
        while let character = rest.popFirst() {
            if character == "\"" { return key }
            if character == "\\" {
                guard let escaped = rest.popFirst() else { return nil }
                key.append(escaped)
            } else {
                key.append(character)
            }
        }
        return nil
    }
}
