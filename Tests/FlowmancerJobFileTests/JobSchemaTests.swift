import FlowmancerCore
import OrderedCollections
import Testing

@testable import FlowmancerJobFile

/// What follows from the schema's own structure; real validators try it in the end-to-end tests.
@Suite struct JobSchemaTests {
    private let catalog: TypeCatalog = {
        var catalog = TypeCatalog()
        catalog.register(Fetch.self)
        return catalog
    }()

    private func members(_ value: ParameterValue?) throws -> OrderedDictionary<String, ParameterValue> {
        guard case .object(let members)? = value else {
            Issue.record("expected an object")
            return [:]
        }
        return members
    }

    @Test func everyKeyOfAJobFileIsDescribed() throws {
        let properties = try members(members(JobSchema(catalog).root)["properties"])
        #expect(properties.keys.elementsEqual(JobSection.all.map(\.key)))
        for (key, schema) in properties { #expect(try members(schema)["description"] != nil, "\(key)") }
        let config = try members(members(properties["config"])["properties"])
        #expect(config.keys.elementsEqual(JobConfiguration.keys.keys.map(\.key)))
    }

    @Test(arguments: JobConfiguration.keys.description.parameters) func theDefaultOfASettingIsWhatAJobGets(
        key: ParameterDescription
    )
        throws
    {
        let value = try #require(key.defaultValue)
        var writer = JSONWriter(escapesVariables: true)
        try writer.write(["config": [:], "tasks": ["a": ["task": "T"]]])
        let plain = try loadJSON(writer.text).definition
        writer = JSONWriter(escapesVariables: true)
        try writer.write(["config": .object([key.key: value]), "tasks": ["a": ["task": "T"]]])
        let set = try loadJSON(writer.text)
        #expect(set.issues.isEmpty)
        #expect(set.definition.configuration == plain.configuration)
    }

    /// The loader refuses `null` for a key that may be left out.
    @Test func keysThatMayBeLeftOutAreNotNull() throws {
        let task = try members(members(members(JobSchema(catalog).root)["$defs"])["task"])
        for (key, schema) in try members(task["properties"]) where key != "parameters" {
            var writer = JSONWriter(escapesVariables: false)
            try writer.write(schema)
            #expect(!writer.text.contains("null"), "\(key)")
            let issues = try loadJSON(#"{"tasks": {"a": {"task": "T", "\#(key)": null}}}"#).issues
            #expect(issues.contains { $0.path == ParameterPath("tasks", "a", key) }, "\(key)")
        }
    }

    @Test func aPartialSchemaRequiresNothing() throws {
        let schema = try members(JobSchema(catalog, isPartial: true).root)
        #expect(schema["else"] == nil)
        #expect(try members(schema["$defs"]).keys.allSatisfy { !$0.hasPrefix("required:") })
        #expect(try members(JobSchema(catalog).root)["else"] != nil)
    }

    @Test func secondSpellingsAreAllowedButNotOffered() throws {
        let definitions = try members(members(JobSchema(catalog).root)["$defs"])
        let fetch = try members(definitions.first { $0.key.hasSuffix(".Fetch") }?.value)
        #expect(try members(fetch["properties"]).keys.elementsEqual(["base_url", "token"]))
        #expect(try members(fetch["patternProperties"]).keys.elementsEqual(["^(baseURL)$"]))
    }

    @Test func secretsHaveNoDefault() throws {
        var writer = JSONWriter(escapesVariables: false)
        try writer.write(JobSchema(catalog).root)
        #expect(writer.text.contains("writeOnly") && !writer.text.contains("hidden"))
    }

    @Test func namesOfTypesAreEscapedInReferences() {
        #expect(SchemaBuilder.reference("A.Box<B.C>/~") == ["$ref": "#/$defs/A.Box%3CB.C%3E~1~0"])
    }
}

struct Fetch: FlowTask {
    @Parameter("Where from.") var baseURL: String
    @Parameter(.secret) var token = "hidden"

    func run() async throws {}
}
