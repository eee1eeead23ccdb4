package import FlowmancerCore
import OrderedCollections

/// The JSON Schema (draft 2020-12) of job files that name the types of a catalogue.
///
/// It accepts every file that loads, and rejects what the types say is wrong, with these exceptions: where a value is
/// converted from text, any text with a variable in it is accepted, since only a run knows what it stands for.
package struct JobSchema {
    private typealias Members = SchemaBuilder.Members

    /// The schema.
    package private(set) var root: ParameterValue = .null
    private var builder = SchemaBuilder()
    private var requirements = RequirementBuilder()

    /// - Parameter isPartial: Whether the schema is for files that others include, in which nothing is required.
    package init(_ catalog: TypeCatalog, isPartial: Bool = false) {
        var properties: Members = [
            "version": described("The version of the format of job files.", builder.schema(of: .number)),
            "include": described(
                "Files to merge before this one, in order; paths start from the app root.",
                ["type": "array", "items": ["type": "string", "minLength": 1]]
            ),
            "config": described("The settings of the whole job.", builder.object(JobFileKeys.configuration)),
        ]
        var sections: Members = [:]
        for kind in JobIssue.NamedKind.allCases {
            let (schema, requirement) = section(kind, catalog.entries(of: kind))
            properties[kind.section] = schema
            sections[kind.section] = requirement
        }
        properties["aliases"] = described("A section for anchors, without a meaning.", [:])
        var members: Members = [
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "Flowmancer job",
            "type": "object",
            "properties": .object(properties),
            "additionalProperties": false,
        ]
        if !isPartial {
            // What is missing here may stand in a file that is included.
            members["if"] = ["required": ["include"]]
            members["else"] = ["required": ["tasks"], "properties": .object(sections)]
        }
        members["$defs"] = .object(
            isPartial
                ? builder.definitions
                : builder.definitions.merging(requirements.definitions, uniquingKeysWith: { first, _ in first })
        )
        root = .object(members)
    }

    /// Returns the schema of a section, and that of what it requires.
    private mutating func section(
        _ kind: JobIssue.NamedKind,
        _ types: [TypeEntry]
    ) -> (ParameterValue, ParameterValue) {
        let key = kind.rawValue
        var keys = kind == .task ? JobFileKeys.task : JobFileKeys.plugin(key)
        keys.append(parametersKey)
        var member = builder.object(keys)
        if kind == .task { restrictTask(&member) }
        setTypeNames(types, key: key, in: &member)
        var cases: [ParameterValue] = []
        var requiredCases: [ParameterValue] = []
        for entry in types {
            let group = entry.parameters.description
            let condition = Self.names(entry, key)
            let parameters: Members = ["parameters": .object(SchemaBuilder.reference(builder.define(group)))]
            cases.append(["if": condition, "then": ["properties": .object(parameters)]])
            guard let requirement = requirements.define(group) else { continue }
            var then: Members = ["properties": ["parameters": .object(SchemaBuilder.reference(requirement))]]
            if group.parameters.contains(where: \.isRequired) { then["required"] = ["parameters"] }
            requiredCases.append(["if": condition, "then": .object(then)])
        }
        if case .array(let exclusions)? = member["allOf"] { cases = exclusions + cases }
        if !cases.isEmpty { member["allOf"] = .array(cases) }
        builder.add(.object(member), named: key)
        let name: ParameterValue = ["anyOf": [["required": [.string(key)]], ["required": ["variant"]]]]
        let requirement: ParameterValue = ["allOf": .array([name] + requiredCases)]
        return sectionSchema(kind, .object(SchemaBuilder.reference(key)), requirement)
    }

    private func sectionSchema(
        _ kind: JobIssue.NamedKind,
        _ member: ParameterValue,
        _ requirement: ParameterValue
    ) -> (ParameterValue, ParameterValue) {
        switch kind {
        case .task:
            let schema: Members = [
                "type": "object",
                "propertyNames": [
                    "minLength": 1,
                    "allOf": .array(
                        SchemaPatterns.outsideOfTaskNames.map { ["not": ["pattern": .string($0)]] }
                    ),
                ],
                "additionalProperties": member,
            ]
            return (
                described("The tasks by name.", schema), ["minProperties": 1, "additionalProperties": requirement]
            )
        case .logger, .extension:
            let schema: Members = ["type": ["object", "null"], "additionalProperties": member]
            let help = "The \(kind.section) by name. {} means none; without this section, the default is used."
            return (described(help, schema), ["additionalProperties": requirement])
        case .checkpointer:
            let help = "The checkpointer, which stores the progress of the job; by default, a FileCheckpointer."
            return (described(help, ["anyOf": [member, ["type": "null"]]]), requirement)
        }
    }

    private var parametersKey: ParameterDescription {
        ParameterDescription(
            key: "parameters",
            propertyName: "parameters",
            help: "The values of the type's parameters.",
            type: .mapping(key: .text, value: .any),
            presence: .optional(default: nil)
        )
    }

    /// What the keys of a task say beyond their types.
    private func restrictTask(_ member: inout Members) {
        guard case .object(var properties)? = member["properties"] else { return }
        // A task may be called 2024, and is then called so where others depend on it.
        let names: ParameterValue = ["type": "array", "items": ["type": ["string", "number", "boolean"]]]
        Self.replace("dependencies", with: names, in: &properties)
        Self.replace("max_attempts", with: .object(SchemaBuilder.integer(minimum: 1, maximum: nil)), in: &properties)
        member["properties"] = .object(properties)
        if case .object(var patterns)? = member["patternProperties"] {
            Self.replace(SchemaPatterns.exactly(["depends_on"]), with: names, in: &patterns)
            member["patternProperties"] = .object(patterns)
        }
    }

    /// Replaces the schema of a key, but not what is said about it.
    private static func replace(_ key: String, with schema: ParameterValue, in properties: inout Members) {
        guard case .object(let old)? = properties[key], case .object(var new) = schema else { return }
        for fact in ["description", "default"] { new[fact] = old[fact] }
        properties[key] = .object(new)
    }

    /// Offers the names of types; their names with a module are allowed, but not offered.
    private func setTypeNames(_ types: [TypeEntry], key: String, in member: inout Members) {
        let others = types.flatMap { $0.names.subtracting([$0.name]) }.sorted()
        let undescribed = types.filter(\.abstract.isEmpty).map(\.name)
        // Editors show the description of a constant.
        var forms: [ParameterValue] = types.filter { !$0.abstract.isEmpty }.map { entry in
            ["const": .string(entry.name), "description": .string(entry.abstract)]
        }
        if !undescribed.isEmpty || forms.isEmpty {
            forms.append(["enum": .array(undescribed.map(ParameterValue.string))])
        }
        if !others.isEmpty { forms.append(["pattern": .string(SchemaPatterns.exactly(others))]) }
        forms.append(["pattern": .string(SchemaPatterns.variable)])
        let schema: ParameterValue = ["type": "string", "anyOf": .array(forms)]
        for section in ["properties", "patternProperties"] {
            guard case .object(var properties)? = member[section] else { continue }
            Self.replace(
                section == "properties" ? key : SchemaPatterns.exactly(["variant"]),
                with: schema,
                in: &properties
            )
            member[section] = .object(properties)
        }
    }

    /// The condition that a task or plug-in names a type.
    private static func names(_ entry: TypeEntry, _ key: String) -> ParameterValue {
        let names: ParameterValue = ["enum": .array(entry.names.sorted().map(ParameterValue.string))]
        return [
            "anyOf": .array(
                [key, "variant"].map { key in
                    ["properties": .object([key: names]), "required": [.string(key)]]
                }
            )
        ]
    }
}

private func described(_ help: String, _ schema: SchemaBuilder.Members) -> ParameterValue {
    var schema = schema
    schema["description"] = .string(help)
    return .object(schema)
}
