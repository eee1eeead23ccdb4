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
        var properties: Members = [:]
        var sections: Members = [:]
        for section in JobSection.all {
            let (schema, requirement) = schema(of: section, catalog)
            properties[section.key] = Self.described(section.help, schema)
            sections[section.key] = requirement
        }
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
    private mutating func schema(of section: JobSection, _ catalog: TypeCatalog) -> (Members, ParameterValue?) {
        switch section.content {
        case .include:
            return (["type": "array", "items": ["type": "string", "minLength": 1]], nil)
        case .number:
            return (builder.schema(of: .number), nil)
        case .settings(let keys, _):
            return (builder.object(keys.description.parameters), nil)
        case .tasks:
            let (member, requirement) = member(.task, TaskDefinition.keys, catalog)
            let names = SchemaPatterns.outsideOfTaskNames.map { ["not": ["pattern": .string($0)]] as ParameterValue }
            let schema: Members = [
                "type": "object",
                "propertyNames": ["minLength": 1, "allOf": .array(names)],
                // Nothing in the place of a task removes that of an included file.
                "additionalProperties": ["anyOf": [member, ["type": "null"]]],
            ]
            let task: Members = ["type": "object", "allOf": [requirement]]
            let required: ParameterValue = ["minProperties": 1, "additionalProperties": .object(task)]
            // A job in the place of a task has tasks, too.
            builder.add(.object(schema), named: section.key)
            requirements.add(required, named: Self.requiredTasks)
            return (SchemaBuilder.reference(section.key), .object(SchemaBuilder.reference(Self.requiredTasks)))
        case .plugins(let kind, _):
            let (member, requirement) = member(kind, PluginDefinition.keys(of: kind), catalog)
            let schema: Members = ["type": ["object", "null"], "additionalProperties": member]
            return (schema, ["additionalProperties": requirement])
        case .plugin(let kind, _):
            let (member, requirement) = member(kind, PluginDefinition.keys(of: kind), catalog)
            return (["anyOf": [member, ["type": "null"]]], requirement)
        case .anchors:
            return ([:], nil)
        }
    }

    /// Returns the schema of a task or plug-in, and that of what it requires.
    private mutating func member<Owner>(
        _ kind: JobIssue.NamedKind,
        _ keys: JobKeyTable<Owner>,
        _ catalog: TypeCatalog
    ) -> (ParameterValue, ParameterValue) {
        let types = catalog.entries(of: kind)
        let spellings = keys.required.flatMap(\.description.spellings)
        var member = builder.object(keys.description.parameters)
        for key in keys.keys {
            if case .names = key.form { Self.replace(key.description.spellings, with: Self.taskNames, in: &member) }
        }
        Self.replace(spellings, with: typeNames(types), in: &member)
        for key in keys.keys {
            if case .job = key.form { addJob(key.key, to: &member) }
        }
        var cases: [ParameterValue] = []
        var requiredCases: [ParameterValue] = []
        for entry in types {
            let group = entry.parameters.description
            builder.takesValuesOfRun = kind == .task
            defer { builder.takesValuesOfRun = false }
            let condition = Self.names(entry, spellings)
            let parameters: Members = ["parameters": .object(SchemaBuilder.reference(builder.define(group)))]
            cases.append(["if": condition, "then": ["properties": .object(parameters)]])
            guard let requirement = requirements.define(group) else { continue }
            var then: Members = ["properties": ["parameters": .object(SchemaBuilder.reference(requirement))]]
            if group.parameters.contains(where: \.isRequired) { then["required"] = ["parameters"] }
            requiredCases.append(["if": condition, "then": .object(then)])
        }
        if case .array(let exclusions)? = member["allOf"] { cases = exclusions + cases }
        if !cases.isEmpty { member["allOf"] = .array(cases) }
        builder.add(.object(member), named: kind.rawValue)
        let own = requirement(of: keys)
        return (
            .object(SchemaBuilder.reference(kind.rawValue)), ["allOf": .array([.object(own)] + requiredCases)]
        )
    }

    private static let requiredTasks = "required:tasks"

    /// Describes a job in the place of a task: a file, or a mapping with tasks. The other sections may stand there, but do
    /// nothing.
    private mutating func addJob(_ key: String, to member: inout Members) {
        var properties: Members = [:]
        for section in JobSection.all {
            switch section.content {
            case .include: continue
            case .tasks: properties[section.key] = .object(SchemaBuilder.reference(section.key))
            case .number, .settings, .plugins, .plugin, .anchors: properties[section.key] = true
            }
        }
        let job: Members = [
            "type": "object", "properties": .object(properties), "additionalProperties": false,
        ]
        builder.add(.object(job), named: key)
        let file: ParameterValue = ["type": "string", "minLength": 1]
        Self.replace([key], with: ["anyOf": [file, .object(SchemaBuilder.reference(key))]], in: &member)
        let others = TaskDefinition.keys.spellings.filter { spelling in
            let name = TaskDefinition.keys.aliases.first { $0.alias == spelling }?.key ?? spelling
            return !SubJob.keysBeside.contains(name)
        }
        let exclusion: ParameterValue = [
            "not": [
                "allOf": [
                    ["required": [.string(key)]], ["anyOf": .array(others.map { ["required": [.string($0)]] })],
                ]
            ]
        ]
        var conditions: [ParameterValue] = []
        if case .array(let known)? = member["allOf"] { conditions = known }
        member["allOf"] = .array(conditions + [exclusion])
        member["dependentRequired"] = ["variables": [.string(key)]]
    }

    /// Returns what a task or plug-in requires, besides what its type does.
    private mutating func requirement<Owner>(of keys: JobKeyTable<Owner>) -> Members {
        var own = requirements.requirement(of: keys.keys.filter { $0.substitute == nil }.map(\.description)) ?? [:]
        var alternatives: [ParameterValue] = []
        for key in keys.keys {
            guard let substitute = key.substitute else { continue }
            let names = key.description.spellings + [substitute]
            alternatives.append(["anyOf": .array(names.map { ["required": [.string($0)]] })])
            let job: ParameterValue = [
                "required": ["tasks"],
                "properties": ["tasks": .object(SchemaBuilder.reference(Self.requiredTasks))],
            ]
            alternatives.append(["properties": .object([substitute: job])])
        }
        if !alternatives.isEmpty { own["allOf"] = .array(alternatives) }
        return own
    }

    /// The names of tasks. One may be called 2024, and is then called so where others depend on it.
    private static let taskNames: Members = ["type": "array", "items": ["type": ["string", "number", "boolean"]]]

    /// Offers the names of types; their names with a module are allowed, but not offered.
    private func typeNames(_ types: [TypeEntry]) -> Members {
        let others = types.flatMap { $0.names.subtracting([$0.name]) }.sorted()
        let descriptions = types.map(\.parameters.description.summary)
        let undescribed = zip(types, descriptions).filter(\.1.isEmpty).map(\.0.name)
        // Editors show the description of a constant.
        var forms: [ParameterValue] = zip(types, descriptions).filter { !$0.1.isEmpty }.map { entry, description in
            ["const": .string(entry.name), "description": .string(description)]
        }
        if !undescribed.isEmpty || forms.isEmpty {
            forms.append(["enum": .array(undescribed.map(ParameterValue.string))])
        }
        if !others.isEmpty { forms.append(["pattern": .string(SchemaPatterns.exactly(others))]) }
        forms.append(["pattern": .string(SchemaPatterns.variable)])
        return ["type": "string", "anyOf": .array(forms)]
    }

    /// Replaces the schema of a key in all of its spellings, but not what is said about it.
    private static func replace(_ spellings: [String], with schema: Members, in member: inout Members) {
        for (section, name) in [("properties", { $0 }), ("patternProperties", { SchemaPatterns.exactly([$0]) })]
            as [(String, (String) -> String)]
        {
            guard case .object(var properties)? = member[section] else { continue }
            for spelling in spellings {
                guard case .object(let old)? = properties[name(spelling)] else { continue }
                var new = schema
                for fact in ["description", "default"] { new[fact] = old[fact] }
                properties[name(spelling)] = .object(new)
            }
            member[section] = .object(properties)
        }
    }

    /// The condition that a task or plug-in names a type.
    private static func names(_ entry: TypeEntry, _ spellings: [String]) -> ParameterValue {
        let names: ParameterValue = ["enum": .array(entry.names.sorted().map(ParameterValue.string))]
        return [
            "anyOf": .array(
                spellings.map { key in
                    ["properties": .object([key: names]), "required": [.string(key)]]
                }
            )
        ]
    }

    private static func described(_ help: String, _ schema: Members) -> ParameterValue {
        var schema = schema
        schema["description"] = .string(help)
        return .object(schema)
    }
}
