import OrderedCollections
import TestSupport
import Testing

@testable import FlowmancerCore
@testable import FlowmancerJobFile

/// The tables of keys, and what follows from them.
@Suite struct JobKeyTests {
    @Test func everySettingHasAKey() {
        let properties = Mirror(reflecting: JobConfiguration()).children.count
        #expect(JobConfiguration.keys.keys.count == properties)
    }

    @Test(arguments: 0..<150 as Range<UInt64>) func whatIsReadIsWrittenAndReadAgain(seed: UInt64) throws {
        var random = RandomParameters(seed: seed)
        let settings = random.members(of: JobConfiguration.keys.description)
        var task = random.members(of: TaskDefinition.keys.description)
        task["variant"] = nil
        // These stand in the place of the type.
        (task["job"], task["variables"]) = (nil, nil)
        task["task"] = "T"
        task["parameters"] = ["n": [1, "2"]]
        let tree: ParameterValue = ["config": .object(settings), "tasks": ["a": .object(task)]]
        var writer = YAMLWriter()
        writer.write(tree)
        // What is not a number is not equal to itself; the items of a group may be anything.
        guard !writer.text.contains(".nan") else { return }
        let first = try loadYAML(writer.text).definition
        let second = try loadYAML(YAMLJobDefinitionFormat().dump(first)).definition
        #expect(first == second, "\(writer.text)")
    }

    @Test func aKeyIsShownInTheMirrorOfATaskUnlessItHasValuesOfParameters() {
        var task = TaskDefinition("T", parameters: ["token": "hidden"])
        task.maxAttempts = 7
        let children = Mirror(reflecting: task).children
        #expect(children.compactMap(\.label) == TaskDefinition.keys.keys.map(\.key))
        #expect("\(children.map(\.value))".contains("7") && !"\(task)".contains("hidden"))
    }

    /// Checkpoints of earlier versions have such digests.
    @Test func theFingerprintOfATaskNeverChanges() {
        var task = TaskDefinition("Module.Fetch", parameters: ["n": 5, "deep": ["x"]])
        task.dependencies = ["b", "a"]
        let fingerprint = task.fingerprint
        #expect(fingerprint == "59aa8bbde455409c")
        task.maxAttempts = 3
        task.timeout = .unlimited
        #expect(task.fingerprint == fingerprint)
        task.dependencies = ["a"]
        #expect(task.fingerprint != fingerprint)
    }

    @Test func tasksDifferByEveryKey() throws {
        let plain = try loadJSON(#"{"tasks": {"a": {"task": "T"}}}"#).definition
        let others = [
            #""dependencies": ["b"]"#, #""run_if": "any_failed""#, #""allow_failure": true"#, #""max_attempts": 2"#,
            #""lost_attempts": 0"#, #""backoff": 1"#, #""retry_on": ["error"]"#, #""timeout": 1"#,
            #""executor": "local""#,
            #""resources": {"db": 1}"#, #""priority": 0"#, #""isolation": "pool""#, #""reuse": {}"#,
            #""merge_output": false"#, #""when": "1 == 1""#, #""for_each": [1]"#, #""parameters": {"a": 1}"#,
        ]
        // Not 'task', 'job' and 'variables', which say what the task is.
        #expect(others.count == TaskDefinition.keys.keys.count - 3)
        for other in others {
            let changed = try loadJSON(#"{"tasks": {"a": {"task": "T", \#(other)}}}"#)
            #expect(changed.issues.isEmpty && changed.definition != plain, "\(other)")
        }
    }

    // MARK: Keys of several forms

    @Test(
        arguments: [
            (#"5"#, "first: 5.0 seconds, factor: 1.0"), (#""1m30s""#, "first: 90.0 seconds, factor: 1.0"),
            (#"{"first": "2s", "factor": 3}"#, "first: 2.0 seconds, factor: 3.0"),
        ]
    )
    func aKeyMayHaveSeveralForms(json: String, expected: String) throws {
        let (owner, issues) = try decode(#"{"pause": \#(json)}"#)
        #expect(issues.isEmpty)
        #expect("\(owner.pause)".contains(expected), "\(owner.pause)")
        var problems: [JobIssue] = []
        let written = Retries.keys.write(owner, at: ParameterPath(), issues: &problems)
        var again = Retries()
        guard case .value(let read)? = Retries.keys["pause"]?.form else { return }
        read(try #require(written["pause"]), ParameterPath(), &again, &problems)
        #expect(again == owner && problems.isEmpty)
    }

    @Test func mistakesWithinANestedMappingHaveTheirPlaces() throws {
        let (_, issues) = try decode(#"{"pause": {"first": "x", "fctor": 2}, "pase": 1}"#)
        #expect(
            issues.map { "\($0.path): \($0.message)" } == [
                "pause.first: expected a duration of at most 30 years: seconds, or text such as 90s, 1h30m, 250ms, found the "
                    + "text \"x\"",
                "pause.fctor: unknown key 'fctor'; did you mean 'factor'?",
                "pase: unknown key 'pase'; did you mean 'pause'?",
            ]
        )
        let pause = try #require(Retries.keys.description.parameters.first)
        var builder = SchemaBuilder()
        var writer = JSONWriter(escapesVariables: false)
        try writer.write(builder.schema(of: pause))
        #expect(writer.text.contains("anyOf"))
    }

    private func decode(_ text: String) throws -> (Retries, [JobIssue]) {
        let syntax = SourceSyntax.json
        let expander = VariableExpander(context: JobLoadingContext(appRoot: "/"))
        let parsed = syntax.parse(SourceFile(name: "x", number: 0, bytes: Array(text.utf8)), expander: expander)
        var decoder = JobDecoder(expander: expander)
        var owner = Retries()
        decoder.decode(try #require(parsed.root), by: Retries.keys, into: &owner, expected: "a mapping")
        return (owner, decoder.issues)
    }
}

/// A part of a job with a key that is a duration or a mapping.
private struct Retries: JobKeyOwner, Equatable {
    static let unset = Retries()
    static let keys = JobKeyTable<Retries>([JobKey("pause", \.pause, "The pause between two attempts.")])

    var pause = Pause()
}

private struct Pause: CustomParameter, JobKeyValue {
    struct Mapping: ParameterGroup {
        @Parameter var first = Duration.zero
        @Parameter var factor = 1.0
    }

    var first = Duration.zero
    var factor = 1.0

    static let expectation = "a pause"
    static let typeDescription = TypeDescription.either([.duration, .group(GroupDescription(of: Mapping.self))])

    var describedValue: ParameterValue? {
        ["first": ParameterValue(describing: first) ?? .null, "factor": .double(factor)]
    }

    static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Pause? {
        guard case .object = value else {
            return ParameterConversion.convert(value, to: Duration.self, at: path, issues: &issues).map {
                Pause(first: $0)
            }
        }
        return ParameterConversion.convert(value, to: Mapping.self, at: path, issues: &issues).map {
            Pause(first: $0.first, factor: $0.factor)
        }
    }
}
