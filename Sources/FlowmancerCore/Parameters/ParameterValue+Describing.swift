import FoundationEssentials
import OrderedCollections

extension ParameterValue {
    /// Creates the value that a job file could hold for a value of a parameter, without what is secret in it.
    ///
    /// - Returns: `nil` if the type does not say how its values are written.
    package init?(describing value: Any) {
        if let wrapped = value as? any DescribedOptional {
            guard let content = wrapped.content else {
                self = .null
                return
            }
            self.init(describing: content)
            return
        }
        switch value {
        case let value as ParameterValue: self = value
        case let value as String: self = .string(value)
        case let value as Bool: self = .bool(value)
        case let value as any BinaryInteger:
            self = Int(exactly: value).map(ParameterValue.int) ?? .double(Double(value))
        // JSON has no word for these; a job file may have them as text.
        case let value as Double where !value.isFinite: self = .string("\(value)")
        case let value as Float where !value.isFinite: self = .string("\(value)")
        case let value as Double: self = .double(value)
        case let value as Float: self = .double(Double("\(value)") ?? Double(value))
        case let value as URL: self = .string(value.absoluteString)
        case let value as Date: self = .string(value.formatted(.iso8601))
        case let value as Duration: self = .describing(value)
        case let value as TimeLimit:
            switch value {
            case .limited(let duration): self = .describing(duration)
            case .unlimited: self = .string(TimeLimit.unlimitedWord)
            case .template(let template): self = .template(template)
            }
        case let value as any ParameterGroup: self = .object(Self.members(of: value))
        case let value as any DescribedCollection: self.init(content: value.describedContent)
        case let value as any CustomParameter: self.init(custom: value)
        case let value as any RawRepresentable: self.init(describing: value.rawValue)
        case let value as any Encodable: self.init(encoding: value)
        default: return nil
        }
    }

    private init?(content: DescribedContent) {
        switch content {
        case .list(let values):
            let items = values.compactMap { ParameterValue(describing: $0) }
            guard items.count == values.count else { return nil }
            self = .array(items)
        case .set(let values):
            let items = values.compactMap { ParameterValue(describing: $0) }
            guard items.count == values.count else { return nil }
            self = .array(items.sorted { "\($0)" < "\($1)" })
        case .mapping(let pairs):
            var members: [(String, ParameterValue)] = []
            for (key, value) in pairs {
                guard let key = ParameterValue(describing: key), let value = ParameterValue(describing: value) else {
                    return nil
                }
                members.append((key.scalarText ?? "\(key)", value))
            }
            self = .object(OrderedDictionary(members.sorted { $0.0 < $1.0 }, uniquingKeysWith: { first, _ in first }))
        }
    }

    private init?(custom value: any CustomParameter) {
        guard let described = value.describedValue else { return nil }
        self = described
    }

    private static func members(of group: any ParameterGroup) -> OrderedDictionary<String, ParameterValue> {
        var members: OrderedDictionary<String, ParameterValue> = [:]
        for entry in ParameterBinder.parameters(of: group) where !entry.parameter.isSecret {
            members[entry.key] = entry.parameter.value.flatMap { ParameterValue(describing: $0) }
        }
        return members
    }

    /// Seconds where they are whole, else text with a unit.
    private static func describing(_ duration: Duration) -> ParameterValue {
        let (seconds, attoseconds) = duration.components
        if attoseconds == 0, let whole = Int(exactly: seconds) { return .int(whole) }
        let milliseconds = duration / .milliseconds(1)
        return milliseconds == milliseconds.rounded()
            ? .string("\(Int(milliseconds))ms") : .double(duration / .seconds(1))
    }

    /// The text of a value that is neither a list nor a mapping, as a job file has it.
    package var scalarText: String? {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .int(let value): "\(value)"
        case .double(let value): "\(value)"
        case .string(let value): value
        case .template(let template): template.description
        case .array, .object: nil
        }
    }
}

/// What a collection holds.
enum DescribedContent {
    case list([Any])
    case set([Any])
    case mapping([(Any, Any)])
}

protocol DescribedCollection {
    var describedContent: DescribedContent { get }
}

extension Array: DescribedCollection {
    var describedContent: DescribedContent { .list(map { $0 }) }
}

extension Set: DescribedCollection {
    var describedContent: DescribedContent { .set(map { $0 }) }
}

extension Dictionary: DescribedCollection {
    var describedContent: DescribedContent { .mapping(map { ($0.key, $0.value) }) }
}

/// Looks into an `Optional` without knowing what it wraps.
protocol DescribedOptional {
    var content: Any? { get }
}

extension Optional: DescribedOptional {
    var content: Any? { map { $0 } }
}
