/// The path to a value in a job or in a set of parameters: `tasks.a.parameters.hosts[2]`.
public struct ParameterPath: Sendable, Hashable, CustomStringConvertible {
    /// One step of a path.
    public enum Component: Sendable, Hashable {
        /// The key of a member of a mapping.
        case key(String)
        /// The position of an item in a list, from 0.
        case index(Int)
    }

    /// The steps, from the top.
    public var components: [Component]

    /// Creates a path from its steps.
    public init(_ components: [Component] = []) {
        self.components = components
    }

    package init(_ keys: String...) {
        components = keys.map(Component.key)
    }

    package func appending(_ key: String) -> ParameterPath {
        ParameterPath(components + [.key(key)])
    }

    package func appending(_ index: Int) -> ParameterPath {
        ParameterPath(components + [.index(index)])
    }

    package func appending(_ other: ParameterPath) -> ParameterPath {
        ParameterPath(components + other.components)
    }

    /// The path as error messages show it: `tasks.a.parameters.hosts[0]`. A key with a dot or a blank is in quotes:
    /// `tasks."a.b".task`.
    public var description: String {
        var text = ""
        for component in components {
            switch component {
            case .key(let key):
                if !text.isEmpty { text += "." }
                text += Self.quotedIfNeeded(key)
            case .index(let index):
                text += "[\(index)]"
            }
        }
        return text
    }

    private static func quotedIfNeeded(_ key: String) -> String {
        let isPlain = key.unicodeScalars.allSatisfy { scalar in
            switch scalar {
            case ".", "[", "]", "\"", ":": false
            default: !scalar.properties.isWhitespace
            }
        }
        guard key.isEmpty || !isPlain else { return key.printable }
        return "\"\(key.replacingScalars { "\\\"".unicodeScalars.contains($0) ? "\\\($0)" : nil }.printable)\""
    }
}
