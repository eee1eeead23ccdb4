extension ParameterPath {
    /// Reads a path as ``description`` writes it: `tasks.a.parameters.hosts[0]`, `tasks."a.b".task`. What is in brackets and
    /// is no number belongs to the key before it: `tasks.load[eu].task`.
    ///
    /// - Returns: `nil` if the text is no path: a step is empty, or a quote or bracket is not closed.
    package init?(parsing text: String) {
        var components: [Component] = []
        var rest = text[...]
        while let first = rest.first {
            if first == "[" {
                guard let last = components.last, let end = rest.firstIndex(of: "]") else { return nil }
                let text = rest[..<end].dropFirst()
                if let index = Int(text), index >= 0 {
                    components.append(.index(index))
                } else if case .key(let key) = last, Int(text) == nil, !text.isEmpty {
                    components[components.count - 1] = .key("\(key)[\(text)]")
                } else {
                    return nil
                }
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
