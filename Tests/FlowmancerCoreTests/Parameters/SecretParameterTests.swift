import FlowmancerCore
import OrderedCollections
import Testing

import struct FoundationEssentials.URL

@Suite struct SecretParameterTests {
    @Test func theTaskSeesThePlainValue() {
        var issues: [JobIssue] = []
        let task = ParameterBinder.make(Everything.self, from: values, at: ParameterPath(), issues: &issues)
        #expect(issues == [])
        #expect(task.token == "the-token")
        #expect(task.optional == nil)
        #expect(task.list == ["list-one", "list-two"])
        #expect(task.byName["b"]?.password == "nested-in-mapping")
        var copy = task
        copy.token = "other"
        #expect(copy.token == "other" && task.token == "the-token")
    }

    @Test func reflectionShowsAMask() {
        var issues: [JobIssue] = []
        let task = ParameterBinder.make(Everything.self, from: values, at: ParameterPath(), issues: &issues)
        var dumped = ""
        dump(task, to: &dumped)
        #expect(dumped.contains("***") && dumped.contains("not secret"))
        for text in ["\(task)", String(reflecting: task), dumped] {
            for secret in secrets { #expect(!text.contains(secret), "\(text)") }
        }
    }

    @Test func definitionsShowNoValues() {
        var job = job
        job.loggers = ["log": PluginDefinition("Log", parameters: ["webhook": "the-token"])]
        var dumped = ""
        dump(job, to: &dumped)
        for text in ["\(job)", String(reflecting: job), dumped] {
            #expect(text.contains("by_name"))
            for secret in secrets { #expect(!text.contains(secret), "\(text)") }
        }
    }

    @Test func allSecretsOfAJobAreFound() {
        let found = JobSecrets(job, catalog: catalog)
        #expect(found.texts.isSuperset(of: secrets))
        #expect(found.texts.isSuperset(of: ["271828", "the-default", "https://hooks.example/secret"]))
        #expect(found.texts.isDisjoint(with: ["not secret", "user", "a", "b"]))
        #expect(found.unmaskable == [ParameterPath("tasks", "a", "parameters", "short")])
    }

    @Test func theRedactedJobHoldsNoneAndIsOtherwiseTheSame() throws {
        let redacted = JobSecrets(job, catalog: catalog).redactedJob
        #expect(Array(redacted.tasks.keys) == Array(job.tasks.keys))
        let expected: OrderedDictionary<String, ParameterValue> = [
            "token": "***", "optional": "***", "list": "***", "number": "***", "short": "***", "plain": "not secret",
            "groups": [["user": "user", "password": "***"]],
            "by_name": ["a": ["password": "***"], "b": ["password": "***"]],
            "tree": ["label": "***", "children": [["label": "***"]]], "whole": "***",
        ]
        #expect(redacted.tasks["a"]?.parameters == expected)
        #expect(redacted.tasks["b"] == job.tasks["b"])
        #expect(redacted.loggers["log"]?.parameters == ["webhook": "***"])
    }

    @Test func aFingerprintDoesNotDependOnASecret() throws {
        var changed = job
        changed.tasks["a"]?.parameters["token"] = "rotated-token"
        func fingerprint(_ job: JobDefinition) -> String? {
            JobSecrets(job, catalog: catalog).redactedJob.tasks["a"]?.fingerprint
        }
        #expect(fingerprint(changed) == fingerprint(job))
        changed.tasks["a"]?.parameters["plain"] = "changed"
        #expect(fingerprint(changed) != fingerprint(job))
    }

    @Test(
        arguments: [
            ("number", "hunter2", "number: expected an integer, found a value that is not shown because it is secret"),
            ("list", ["hunter2", 5], "list[1]: expected text, found a value that is not shown because it is secret"),
            (
                "whole", ["hunter2": "x", "user": "a", "password": "b"],
                "whole: it has an unknown key, which is not shown"
            ),
            ("whole", "hunter2", "whole: expected a mapping (Login), found a value that is not shown"),
            ("groups", ["hunter2"], "groups[0]: expected a mapping (Login), found a value that is not shown"),
            ("groups", "hunter2", "groups: expected a list"), ("tree", "hunter2", "tree: expected a mapping (Tree)"),
            ("custom", "hunter2", "custom: the value was rejected; it is not shown"),
        ] as [(String, ParameterValue, String)]
    )
    func errorsDoNotShowASecret(key: String, value: ParameterValue, expected: String) {
        var issues: [JobIssue] = []
        var values = values
        values[key] = value
        _ = ParameterBinder.make(Everything.self, from: values, at: ParameterPath(), issues: &issues)
        let text = issues.map { "\($0.path): \($0.message)" }.joined(separator: "\n")
        #expect(text.contains(expected), "\(text)")
        #expect(!text.contains("hunter2") && !"\(issues)".contains("hunter2"))
    }

    @Test func otherErrorsOfTheSameTypeShowTheirValues() {
        var issues: [JobIssue] = []
        var values = values
        values["plain"] = 5
        _ = ParameterBinder.make(Everything.self, from: values, at: ParameterPath(), issues: &issues)
        #expect(issues.map(\.message) == ["expected text, found the number 5"])
    }

    @Test func aGroupWithinItselfIsNoSecretForThatAlone() {
        var issues: [JobIssue] = []
        _ = ParameterBinder.make(Branch.self, from: ["next": "end"], at: ParameterPath(), issues: &issues)
        #expect(issues.map(\.message) == ["expected a mapping (Branch), found the text \"end\""])
    }

    // MARK: The job

    private let secrets: Set = [
        "the-token", "list-one", "list-two", "nested-in-list", "nested-in-mapping", "nested-too", "tree-root",
        "tree-leaf", "whole-user", "whole-password",
    ]

    private let values: OrderedDictionary<String, ParameterValue> = [
        "token": "the-token", "optional": nil, "list": ["list-one", "list-two"], "number": "271_828", "short": "abc",
        "plain": "not secret", "groups": [["user": "user", "password": "nested-in-list"]],
        "by_name": ["a": ["password": "nested-too"], "b": ["password": "nested-in-mapping"]],
        "tree": ["label": "tree-root", "children": [["label": "tree-leaf"]]],
        "whole": ["user": "whole-user", "password": "whole-password"],
    ]

    private var job: JobDefinition {
        var job = JobDefinition(name: "secrets")
        job.addTask("a", Everything.self, parameters: values)
        job.addTask("b", Plain.self, parameters: ["plain": "not secret"])
        job.loggers = ["log": PluginDefinition("Log", parameters: ["webhook": "https://hooks.example/secret"])]
        return job
    }

    private var catalog: TypeCatalog {
        var catalog = TypeCatalog()
        catalog.register(Log.self)
        return catalog
    }

    private struct Login: ParameterGroup {
        @Parameter var user = "user"
        @Parameter(.secret) var password: String
    }

    /// A group within itself has to be a class. Nobody shares it here.
    private final class Tree: ParameterGroup, @unchecked Sendable {
        @Parameter(.secret) var label: String
        @Parameter var children: [Tree] = []
    }

    /// Nobody shares it here.
    private final class Branch: ParameterGroup, @unchecked Sendable {
        @Parameter var next: Branch?
    }

    private struct Custom: Decodable, Sendable {
        init(from decoder: any Decoder) throws {
            let text = try decoder.singleValueContainer().decode(String.self)
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "'\(text)' is no good"))
        }
    }

    private struct Everything: FlowTask {
        @Parameter(.secret, "The token.") var token: String
        @Parameter(.secret) var optional: String?
        @Parameter(.secret) var list: [String]
        @Parameter(.secret) var number: Int
        @Parameter(.secret) var short: String
        @Parameter(.secret) var defaulted = "the-default"
        @Parameter(.secret, "Never given.") var custom: Custom?
        @Parameter var plain: String
        @Parameter var groups: [Login]
        @Parameter var byName: [String: Login]
        @Parameter var tree: Tree
        @Parameter(.secret) var whole: Login

        func run() async throws {}
    }

    private struct Plain: FlowTask {
        @Parameter var plain: String
        func run() async throws {}
    }

    private struct Log: FlowLogger {
        @Parameter(.secret) var webhook: URL
        func update(_ event: TaskLogEvent) async throws {}
    }
}
