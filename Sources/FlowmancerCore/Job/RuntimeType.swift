/// Finds types of the executable that no conformance record names.
enum RuntimeType {
    /// Returns the type of a name, if one of the modules has it and it is neither generic nor private.
    ///
    /// - Parameters:
    ///   - name: `Name`, `Outer.Name` or `Module.Name`.
    ///   - modules: The modules to look in.
    static func find(_ name: String, in modules: Set<String>) -> Any.Type? {
        var parts = name.split(separator: ".").map(String.init)
        guard !parts.isEmpty, parts.count <= 4, parts.allSatisfy(isIdentifier) else { return nil }
        var candidates = modules
        if parts.count > 1, modules.contains(parts[0]) { candidates = [parts.removeFirst()] }
        // No user means the library's own types.
        for module in candidates.sorted() where !module.hasPrefix("Flowmancer") {
            for mangled in mangledNames(of: parts, in: module) {
                if let type = _typeByName(mangled) { return type }
            }
        }
        return nil
    }

    /// Each part may be a class, a structure or an enumeration.
    private static func mangledNames(of parts: [String], in module: String) -> [String] {
        parts.reduce(["\(module.utf8.count)\(module)"]) { names, part in
            names.flatMap { name in ["C", "V", "O"].map { "\(name)\(part.utf8.count)\(part)\($0)" } }
        }
    }

    /// Other names are mangled in another way.
    private static func isIdentifier(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            return false
        }
        return text.unicodeScalars.allSatisfy {
            $0.isASCII && ($0 == "_" || $0.properties.isAlphabetic || ("0"..."9").contains($0))
        }
    }
}

extension JobIssue.NamedKind {
    /// Whether a type conforms to the protocol of the kind.
    func includes(_ type: Any.Type) -> Bool {
        switch self {
        case .task: type is any FlowTask.Type
        case .executor: type is any FlowExecutor.Type
        case .logger: type is any FlowLogger.Type
        case .extension: type is any FlowExtension.Type
        case .checkpointer: type is any FlowCheckpointer.Type
        case .history: type is any FlowHistory.Type
        }
    }

    /// The name of the protocol of the kind.
    var protocolName: String {
        switch self {
        case .task: "FlowTask"
        case .executor: "FlowExecutor"
        case .logger: "FlowLogger"
        case .extension: "FlowExtension"
        case .checkpointer: "FlowCheckpointer"
        case .history: "FlowHistory"
        }
    }
}
