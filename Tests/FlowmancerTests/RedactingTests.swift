import Flowmancer
import Testing

/// A job to be shown to others.
@Suite struct RedactingTests {
    private var job: JobDefinition {
        var job = JobDefinition(name: "deploy")
        job.addTask("push", Push.self, parameters: ["token": "p4ssw0rd", "target": "here"])
        job.loggers = ["sending": PluginDefinition("Sending", parameters: ["key": "k3y-k3y-k3y"])]
        return job
    }

    private var catalog: TypeCatalog {
        var catalog = TypeCatalog()
        catalog.register(Push.self)
        catalog.register(Sending.self)
        return catalog
    }

    @Test func secretsAreReplacedAndAllElseIsKept() throws {
        let redacted = job.redactingSecrets(catalog: catalog)
        var expected = job
        expected.tasks["push"]?.parameters["token"] = "***"
        expected.loggers["sending"]?.parameters["key"] = "***"
        #expect(redacted == expected)
        for format in [YAMLJobDefinitionFormat() as any JobDefinitionFormat, JSONJobDefinitionFormat()] {
            #expect(try format.dump(job).contains("p4ssw0rd"))
            let text = try format.dump(redacted)
            #expect(text.contains("***") && text.contains("here"))
            #expect(!text.contains("p4ssw0rd") && !text.contains("k3y-k3y-k3y"))
        }
    }

    @Test func theTypesOfTheProgramAreKnownWithoutACatalog() {
        #expect(job.redactingSecrets().tasks["push"]?.parameters["token"] == "***")
    }

    /// What is secret is known of types only.
    @Test func nothingIsKnownOfATypeThatIsNotThere() {
        var job = JobDefinition()
        job.tasks["push"] = TaskDefinition("Elsewhere", parameters: ["token": "p4ssw0rd"])
        #expect(job.redactingSecrets(catalog: TypeCatalog()) == job)
    }
}

struct Push: FlowTask {
    @Parameter(.secret) var token: String
    @Parameter var target: String

    func run() async throws {}
}

struct Sending: FlowLogger {
    @Parameter(.secret) var key: String

    func update(_ event: TaskLogEvent) async throws {}
}
