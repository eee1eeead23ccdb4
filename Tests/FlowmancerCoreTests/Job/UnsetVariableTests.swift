import FlowmancerCore
import OrderedCollections
import Testing

/// Variables without a value where a parameter has to have one.
@Suite struct UnsetVariableTests {
    @Test func aRequiredParameterIsNotEmptyByAccident() {
        #expect(
            messages(["url": "", "count": 1], unset("url", "")) == [
                "tasks.a.parameters.url: a required parameter is empty, because $ENV{NO_SUCH} is not set; set it, or write "
                    + "$ENV{NO_SUCH:} if it may be empty"
            ]
        )
        // Blanks are nothing.
        #expect(messages(["url": " ", "count": 1], unset("url", " ")).count == 1)
        // Only one error for a value: that it is no integer follows from its being empty.
        #expect(
            messages(["url": "x", "count": ""], unset("count", "")).map {
                $0.contains("is empty, because $ENV{NO_SUCH}")
            } == [
                true
            ]
        )
    }

    @Test func aSecretIsCompleteOrNotThere() {
        #expect(
            messages(["url": "x", "count": 1, "token": "Bearer "], unset("token", "Bearer ")) == [
                "tasks.a.parameters.token: a secret is not complete, because $ENV{NO_SUCH} is not set; set it, or write "
                    + "$ENV{NO_SUCH:} if it may be empty"
            ]
        )
        let logins: ParameterValue = [["password": ""]]
        let path = ParameterPath([.key("logins"), .index(0), .key("password")])
        #expect(messages(["url": "x", "count": 1, "logins": logins], unset(path, "")).count == 1)
    }

    @Test func othersMayBeEmpty() {
        #expect(messages(["url": "x", "count": 1, "note": ""], unset("note", "")) == [])
        #expect(messages(["url": "x/", "count": 1], unset("url", "x/")) == [])
        // The value was replaced after the job was loaded.
        #expect(messages(["url": "x", "count": 1], unset("url", "")) == [])
        #expect(messages(["url": "x", "count": 1], unset("gone", "")) == [])
    }

    private func unset(_ key: String, _ text: String) -> UnsetVariable { unset(ParameterPath(key), text) }

    private func unset(_ path: ParameterPath, _ text: String) -> UnsetVariable {
        let path = ParameterPath("tasks", "a", "parameters").appending(path)
        return UnsetVariable("$ENV{NO_SUCH}", nearest: nil, at: path, text: text)
    }

    private func messages(_ parameters: OrderedDictionary<String, ParameterValue>, _ unset: UnsetVariable) -> [String] {
        var job = JobDefinition(name: "j")
        job.tasks["a"] = TaskDefinition("Fetch", parameters: parameters)
        (job.loggers, job.extensions) = ([:], [:])
        job.unsetVariables = [unset]
        var catalog = TypeCatalog()
        catalog.register(Fetch.self)
        return JobValidator.validate(job, catalog: catalog).map { "\($0.path): \($0.message)" }
            .filter { !$0.hasPrefix("checkpointer") && !$0.hasPrefix("history") }
    }

    struct Fetch: FlowTask {
        @Parameter var url: String
        @Parameter var count: Int
        @Parameter var note = "x"
        @Parameter(.secret) var token: String?
        @Parameter var logins: [Login] = []
        func run() async throws {}
    }

    struct Login: ParameterGroup {
        @Parameter(.secret) var password = "none"
    }
}
