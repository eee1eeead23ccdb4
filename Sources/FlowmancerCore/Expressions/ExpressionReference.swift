/// A variable of an expression: `$VAR{name}`, `$VAR{name:default}` or `$VAR{name:?reason}`.
package struct ExpressionReference: Sendable, Hashable {
    /// The kinds, by the names that stand between `$` and `{`.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case variable = "VAR"
        case environment = "ENV"
        case system = "SYS"
        /// How a task ended.
        case state = "STATE"
        /// A value of the shared dictionary.
        case shared = "DICT"
        /// What a task published: the name is `task.output`.
        case output = "OUT"
        /// The item that the task runs for, or a field of it: the name is empty, or that of the field.
        case item = "ITEM"

        /// Whether the value is known when the job is loaded.
        package var isKnownAtLoad: Bool {
            switch self {
            case .variable, .environment, .system: true
            case .state, .shared, .output, .item: false
            }
        }

        /// Whether a name of the kind means something else in a job within the job.
        var isScoped: Bool {
            switch self {
            case .state, .output, .item: true
            case .variable, .environment, .system, .shared: false
            }
        }

        /// Whether every value of the kind is text.
        var isText: Bool {
            switch self {
            case .variable, .environment, .system, .state: true
            case .shared, .output, .item: false
            }
        }
    }

    /// What happens if the variable has no value.
    package enum Fallback: Sendable, Hashable {
        /// It is an error.
        case none
        case text(String)
        /// It is an error with a reason, also if the value is empty text.
        case refusal(reason: String)
    }

    package let kind: Kind
    package let name: String
    package let fallback: Fallback
    /// How many jobs further out the variable was written than where it stands now: the `variables` of a job are used by its
    /// tasks.
    package var level: UInt8 = 0

    package init(_ kind: Kind, _ name: String, fallback: Fallback = .none, level: UInt8 = 0) {
        self.kind = kind
        self.name = name
        self.fallback = fallback
        self.level = level
    }

    /// The variable as it has to be written one job further in.
    package var raised: ExpressionReference {
        guard kind.isScoped, level < .max else { return self }
        return ExpressionReference(kind, name, fallback: fallback, level: level + 1)
    }

    /// - Parameter body: What stands between the braces.
    package init(_ kind: Kind, body: String) {
        // As dumps write it.
        let (body, level) = Self.stripped(body, of: kind)
        guard let colon = Self.colon(in: body[...], of: kind) else {
            self.init(kind, Self.trimmed(body), level: level)
            return
        }
        let name = Self.trimmed(String(body.unicodeScalars[..<colon]))
        let suffix = body.unicodeScalars[colon...].dropFirst()
        switch suffix.first {
        case "?":
            self.init(kind, name, fallback: .refusal(reason: Self.trimmed(String(suffix.dropFirst()))), level: level)
        // So that a default can begin with any character.
        case "=": self.init(kind, name, fallback: .text(String(suffix.dropFirst())), level: level)
        default: self.init(kind, name, fallback: .text(String(suffix)), level: level)
        }
    }

    /// Returns the place of the colon behind which the default stands; `nil` if there is none.
    package static func colon(in body: Substring, of kind: Kind) -> String.Index? {
        let scalars = body.unicodeScalars
        switch kind {
        case .state:
            // The name of a task may have a colon, and every task has a state.
            return nil
        case .output:
            // The name of a task may have a colon here, too: that of an output ends the name as a whole.
            var start = scalars.startIndex
            while let colon = scalars[start...].firstIndex(of: ":") {
                if OutputName(trimmed(String(Substring(scalars[..<colon])))) != nil { return colon }
                start = scalars.index(after: colon)
            }
            return OutputName(trimmed(String(body))) == nil ? scalars.firstIndex(of: ":") : nil
        case .variable, .environment, .system, .shared, .item:
            return scalars.firstIndex(of: ":")
        }
    }

    /// The variable as its author wrote it, without its default, which may be part of a secret.
    package var label: String { kind == .item && name.isEmpty ? "$ITEM" : "$\(kind.rawValue){\(name)}" }

    /// The variable without its default.
    package var bare: ExpressionReference { ExpressionReference(kind, name, level: level) }

    /// The default; `nil` if there is none.
    ///
    /// It is text, as with all variables. Of those that may have other values, a list can be written as JSON.
    package var defaultValue: ParameterValue? {
        guard case .text(let text) = fallback else { return nil }
        guard !kind.isText, text.hasPrefix("["), let list = ParameterValue(json: JSONText(rawValue: text)) else {
            return .string(text)
        }
        return list
    }

    /// The name as it has to be written where the variable stands now: with a step outward for every job that it was written
    /// further out.
    private var placedName: String { String(repeating: Self.stepOutward, count: Int(level)) + name }

    private static let stepOutward = "../"

    private static func stripped(_ body: String, of kind: Kind) -> (body: String, level: UInt8) {
        guard kind.isScoped, body.utf8.contains(UInt8(ascii: "/")) else { return (body, 0) }
        var rest = trimmed(body)[...]
        var level: UInt8 = 0
        while rest.hasPrefix(stepOutward), level < .max {
            rest = rest.dropFirst(stepOutward.count)
            level += 1
        }
        return level == 0 ? (body, 0) : (String(rest), level)
    }

    private static func trimmed(_ text: String) -> String {
        var scalars = text.unicodeScalars[...].drop { $0 == " " }
        while scalars.last == " " { scalars.removeLast() }
        return String(scalars)
    }
}

extension ExpressionReference: CustomStringConvertible {
    /// The variable as an expression has it where it stands now.
    package var description: String {
        switch fallback {
        case .none: level == 0 ? label : "$\(kind.rawValue){\(placedName)}"
        case .text(let text): "$\(kind.rawValue){\(placedName):=\(text)}"
        case .refusal(let reason): "$\(kind.rawValue){\(placedName):?\(reason)}"
        }
    }
}
