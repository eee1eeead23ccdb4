import FlowmancerCore
import OrderedCollections

/// Makes JSON Schemas of the types of parameters, and collects those of groups, which are named.
struct SchemaBuilder {
    typealias Members = OrderedDictionary<String, ParameterValue>

    /// The named schemas, by what comes behind `#/$defs/`.
    private(set) var definitions: Members = [:]
    /// Whether a variable may stand for a list or a mapping: in the parameters of tasks.
    var takesValuesOfRun = false

    /// Returns the schema of a parameter, with what is known of it.
    mutating func schema(of parameter: ParameterDescription) -> ParameterValue {
        var members = schema(of: parameter.type)
        if !parameter.help.isEmpty { members["description"] = .string(parameter.help) }
        if parameter.isSecret { members["writeOnly"] = true }
        if let value = parameter.defaultValue, value != .null { members["default"] = value }
        return .object(members)
    }

    mutating func schema(of type: TypeDescription) -> Members {
        let own = schemaOfValue(of: type)
        guard takesValuesOfRun else { return own }
        switch type {
        case .list, .mapping, .group, .enclosingGroup:
            return ["anyOf": [.object(own), Self.text(SchemaPatterns.variableOfRun)]]
        default:
            return own
        }
    }

    private mutating func schemaOfValue(of type: TypeDescription) -> Members {
        switch type {
        case .text: ["type": "string"]
        case .boolean: Self.either([["type": "boolean"], ["enum": [0, 1]], Self.text(SchemaPatterns.boolean)])
        case .integer(let minimum, let maximum):
            Self.integer(minimum: minimum, maximum: maximum)
        case .number: Self.either([["type": "number"], Self.text(SchemaPatterns.number)])
        case .duration:
            Self.either([
                ["type": "number", "minimum": 0, "maximum": .int(Int(Duration.longestSetting))],
                Self.text(SchemaPatterns.duration), Self.text(SchemaPatterns.number),
            ])
        case .date: Self.either([["type": "number"], Self.text(SchemaPatterns.date)])
        case .url: ["type": "string", "minLength": 1]
        case .word(let word): ["anyOf": [["enum": [.string(word)]], Self.text(SchemaPatterns.inAnyCase(word))]]
        case .choice(let values): choice(values)
        case .list(let element, _): ["type": "array", "items": .object(schema(of: element))]
        case .mapping(.text, let value): ["type": "object", "additionalProperties": .object(schema(of: value))]
        case .mapping(let key, let value):
            [
                "type": "object", "propertyNames": .object(schema(of: key)),
                "additionalProperties": .object(schema(of: value)),
            ]
        case .optional(let wrapped): ["anyOf": [.object(schema(of: wrapped)), ["type": "null"]]]
        case .either(let types): ["anyOf": .array(types.map { .object(schema(of: $0)) })]
        case .worded(let inner, _): schema(of: inner)
        case .group(let group): Self.reference(define(group))
        case .enclosingGroup(let name): Self.reference(name)
        case .any, .custom: [:]
        }
    }

    /// Adds the schema of a group, and returns its name.
    mutating func define(_ group: GroupDescription) -> String {
        if definitions[group.typeName] == nil {
            // Keeps the place, since the group may be within itself.
            definitions[group.typeName] = true
            var schema = object(group.parameters)
            if !group.abstract.isEmpty { schema["description"] = .string(group.abstract) }
            definitions[group.typeName] = .object(schema)
        }
        return group.typeName
    }

    /// Adds a schema under a name that no group has, since those have a dot in theirs.
    mutating func add(_ schema: ParameterValue, named name: String) {
        definitions[name] = schema
    }

    /// Returns the schema of a mapping with these keys. Second spellings are patterns: allowed, but not offered.
    mutating func object(_ parameters: [ParameterDescription]) -> Members {
        var properties: Members = [:]
        var spellings: Members = [:]
        var exclusions: [ParameterValue] = []
        for parameter in parameters {
            let schema = schema(of: parameter)
            properties[parameter.key] = schema
            for other in parameter.spellings.dropFirst() {
                spellings[SchemaPatterns.exactly([other])] = schema
                exclusions.append(["not": ["required": [.string(parameter.key), .string(other)]]])
            }
        }
        var members: Members = ["type": "object", "properties": .object(properties)]
        if !spellings.isEmpty { members["patternProperties"] = .object(spellings) }
        members["additionalProperties"] = false
        if !exclusions.isEmpty { members["allOf"] = .array(exclusions) }
        return members
    }

    static func reference(_ name: String) -> Members {
        ["$ref": .string("#/$defs/\(pointer(name))")]
    }

    /// Text of some form, or with a variable in it.
    private static func text(_ pattern: String) -> ParameterValue {
        ["type": "string", "pattern": .string(pattern)]
    }

    /// An integer within bounds, or the text of one.
    static func integer(minimum: Int?, maximum: Int?) -> Members {
        var members: Members = ["type": "integer"]
        if let minimum { members["minimum"] = .int(minimum) }
        if let maximum { members["maximum"] = .int(maximum) }
        return either([.object(members), text(SchemaPatterns.integer)])
    }

    private static func either(_ schemas: [ParameterValue]) -> Members {
        ["anyOf": .array(schemas + [text(SchemaPatterns.variable)])]
    }

    private func choice(_ values: [ParameterValue]) -> Members {
        let numerals = values.contains { if case .string = $0 { false } else { true } }
        return Self.either([["enum": .array(values)]] + (numerals ? [Self.text(SchemaPatterns.number)] : []))
    }

    /// A name as it stands in a reference: escaped for a JSON Pointer, and that for a URI.
    private static func pointer(_ name: String) -> String {
        name.utf8.reduce(into: "") { result, byte in
            switch byte {
            case UInt8(ascii: "~"): result += "~0"
            case UInt8(ascii: "/"): result += "~1"
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                result.unicodeScalars.append(UnicodeScalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
    }
}
