import FlowmancerCore
import OrderedCollections

/// Makes schemas that only say what has to be there, and leave all else to those of ``SchemaBuilder``.
///
/// They are apart from these since what is required may stand in a file that is included.
struct RequirementBuilder {
    typealias Members = OrderedDictionary<String, ParameterValue>

    private(set) var definitions: Members = [:]
    /// The groups that are known to require nothing.
    private var lenient: Set<String> = []

    /// Returns what a value has to have; `nil` if any will do.
    mutating func requirement(of type: TypeDescription) -> ParameterValue? {
        switch type {
        case .optional(let wrapped), .worded(let wrapped, _): requirement(of: wrapped)
        case .list(let element, _): requirement(of: element).map { ["items": $0] }
        case .mapping(_, let value): requirement(of: value).map { ["additionalProperties": $0] }
        case .group(let group): define(group).map { .object(SchemaBuilder.reference($0)) }
        case .enclosingGroup(let name): .object(SchemaBuilder.reference(Self.name(name)))
        // What has to be in a mapping says nothing about values of other forms.
        case .either(let types) where types.allSatisfy(\.isGroupOrScalar):
            types.soleGroup.flatMap { requirement(of: $0) }
        default: nil
        }
    }

    /// Adds what a group requires, and returns the name of that.
    mutating func define(_ group: GroupDescription) -> String? {
        let name = Self.name(group.typeName)
        guard !lenient.contains(name) else { return nil }
        if definitions[name] == nil {
            definitions[name] = true
            if let members = requirement(of: group.parameters) {
                definitions[name] = .object(members)
            } else {
                definitions[name] = nil
                lenient.insert(name)
                return nil
            }
        }
        return name
    }

    /// Adds what something requires under a name that no group has.
    mutating func add(_ requirement: ParameterValue, named name: String) {
        definitions[name] = requirement
    }

    /// Returns what a mapping with these keys has to have.
    mutating func requirement(of parameters: [ParameterDescription]) -> Members? {
        var required: [ParameterValue] = []
        var alternatives: [ParameterValue] = []
        var properties: Members = [:]
        for parameter in parameters {
            let spellings = parameter.spellings
            if parameter.isRequired {
                if spellings.count == 1 {
                    required.append(.string(parameter.key))
                } else {
                    alternatives.append(["anyOf": .array(spellings.map { ["required": [.string($0)]] })])
                }
            }
            guard let inner = requirement(of: parameter.type) else { continue }
            for spelling in spellings { properties[spelling] = inner }
        }
        var members: Members = [:]
        if !required.isEmpty { members["required"] = .array(required) }
        if !properties.isEmpty { members["properties"] = .object(properties) }
        if !alternatives.isEmpty { members["allOf"] = .array(alternatives) }
        return members.isEmpty ? nil : members
    }

    private static func name(_ typeName: String) -> String { "required:\(typeName)" }
}

extension TypeDescription {
    /// Whether it is a group, or a form whose values have no parts.
    fileprivate var isGroupOrScalar: Bool {
        switch self {
        case .group, .text, .boolean, .integer, .number, .duration, .date, .url, .word, .choice: true
        case .list, .mapping, .optional, .either, .enclosingGroup, .any, .worded, .custom: false
        }
    }
}
