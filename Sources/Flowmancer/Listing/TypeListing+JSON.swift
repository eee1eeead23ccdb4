import OrderedCollections

extension TypeListing {
    /// The types for programs: an object with a list for every kind.
    var json: ParameterValue {
        let members = sections.map { section in
            (section.kind.plural, ParameterValue.array(section.types.map { Self.json($0, section.kind) }))
        }
        return .object(OrderedDictionary(uniqueKeysWithValues: members))
    }

    private static func json(_ type: ListedType, _ kind: JobIssue.NamedKind) -> ParameterValue {
        var members: OrderedDictionary<String, ParameterValue> = [
            "name": .string(type.entry.name),
            "module": .string(type.entry.module),
            "names": .array(type.entry.names.sorted().map(ParameterValue.string)),
            "qualified_name": .string(type.entry.qualifiedName),
            "abstract": .string(type.group.abstract),
            "parameters": .array(type.group.parameters.map(json)),
        ]
        if kind == .task { members["outputs"] = .array(type.group.outputs.map(json)) }
        return .object(members)
    }

    private static func json(_ output: OutputDescription) -> ParameterValue {
        [
            "key": .string(output.key),
            "property": .string(output.propertyName),
            "help": .string(output.help),
            "type": json(output.type),
        ]
    }

    private static func json(_ parameter: ParameterDescription) -> ParameterValue {
        var members: OrderedDictionary<String, ParameterValue> = [
            "key": .string(parameter.key),
            "property": .string(parameter.propertyName),
            "help": .string(parameter.help),
            "required": .bool(parameter.isRequired),
            "secret": .bool(parameter.isSecret),
            "type": json(parameter.type),
        ]
        if let value = parameter.defaultValue { members["default"] = value }
        return .object(members)
    }

    private static func json(_ type: TypeDescription) -> ParameterValue {
        if case .worded(let inner, _) = type { return json(inner) }
        var members: OrderedDictionary<String, ParameterValue> = ["words": .string(type.words)]
        func kind(_ name: String) { members["kind"] = .string(name) }
        switch type {
        case .text: kind("text")
        case .boolean: kind("boolean")
        case .integer(let minimum, let maximum):
            kind("integer")
            if let minimum { members["minimum"] = .int(minimum) }
            if let maximum { members["maximum"] = .int(maximum) }
        case .number: kind("number")
        case .duration: kind("duration")
        case .date: kind("date")
        case .url: kind("url")
        case .word(let word):
            kind("word")
            members["word"] = .string(word)
        case .choice(let values):
            kind("choice")
            members["values"] = .array(values)
        case .list(let element, let isSet):
            kind(isSet ? "set" : "list")
            members["element"] = json(element)
        case .mapping(let key, let value):
            kind("mapping")
            members["key"] = json(key)
            members["value"] = json(value)
        case .optional(let wrapped):
            kind("optional")
            members["wrapped"] = json(wrapped)
        case .either(let types):
            kind("either")
            members["types"] = .array(types.map(json))
        case .group(let group):
            kind("group")
            members["name"] = .string(group.typeName)
            members["parameters"] = .array(group.parameters.map(json))
        case .enclosingGroup(let name):
            kind("enclosing_group")
            members["name"] = .string(name)
        case .any, .worded: kind("any")
        case .custom(let name):
            kind("custom")
            members["name"] = .string(name)
        }
        return .object(members)
    }
}
