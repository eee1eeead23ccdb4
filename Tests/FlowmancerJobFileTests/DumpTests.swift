import FlowmancerCore
import TestSupport
import Testing

@testable import FlowmancerJobFile

@Suite struct DumpTests {
    private static let formats: [any PartialJobLoading] = [YAMLJobDefinitionFormat(), JSONJobDefinitionFormat()]

    @Test(arguments: ["yaml", "json"], 0..<10)
    func dumpedJobLoadsBackEqual(key: String, block: Int) throws {
        let format = try #require(Self.formats.first { $0.key == key })
        let directory = try JobDirectory()
        for seed in (block * 40)..<(block * 40 + 40) {
            var random = RandomJob(generator: SeededGenerator(seed: UInt64(seed)), hasInfinity: key == "yaml")
            let job = random.job()
            let text = try format.dump(job)
            try directory.write("job.\(key)", Array(text.utf8))
            let loaded = directory.load("job.\(key)")
            let isEqual = loaded.definition == job && loaded.issues.isEmpty && Self.sameScalars(loaded.definition, job)
            #expect(isEqual, "seed \(seed): \(loaded.issues)\n\(text)")
            #expect(try format.dump(loaded.definition) == text, "seed \(seed)")
        }
    }

    /// Compares texts by their characters' codes: canonically equal ones are equal to Swift.
    private static func sameScalars(_ first: JobDefinition, _ second: JobDefinition) -> Bool {
        func codes(_ job: JobDefinition) -> [UInt32] {
            job.tasks.flatMap {
                $0.key.unicodeScalars.map(\.value) + "\($0.value.parameters)".unicodeScalars.map(\.value)
            }
        }
        return codes(first) == codes(second)
    }

    @Test func yamlIsPleasantToRead() throws {
        var job = JobDefinition(name: "nightly")
        job.configuration.abortGrace = .milliseconds(1_500)
        var task = TaskDefinition("Shell")
        task.dependencies = ["fetch all", "2024"]
        task.maxAttempts = 3
        task.backoff = Backoff(first: .seconds(60))
        task.parameters = [
            "script": "set -e\necho $ENV{HOME}\n", "no": "yes", "n": 5, "when": "12:30", "empty": "",
            "url": "https://x",
            "deep": [["a": [1, []], "b": [:]], [[true, nil], 0.5]],
        ]
        job.tasks["run"] = task
        job.loggers = [:]
        #expect(
            try YAMLJobDefinitionFormat().dump(job) == """
                version: 0.1
                config:
                  name: nightly
                  abort_grace_seconds: 1.5
                tasks:
                  run:
                    task: Shell
                    dependencies:
                      - fetch all
                      - "2024"
                    max_attempts: 3
                    backoff: 60
                    parameters:
                      script: !sub |
                        set -e
                        echo $$ENV{HOME}
                      "no": "yes"
                      "n": 5
                      when: "12:30"
                      empty: ""
                      url: "https://x"
                      deep:
                        - a:
                            - 1
                            - []
                          b: {}
                        - - - true
                            - null
                          - 0.5
                loggers: {}

                """
        )
    }

    @Test func defaultsAreLeftOut() throws {
        var job = JobDefinition()
        job.tasks["a"] = TaskDefinition("T")
        #expect(try YAMLJobDefinitionFormat().dump(job) == "version: 0.1\ntasks:\n  a:\n    task: T\n")
        #expect(
            try JSONJobDefinitionFormat().dump(job)
                == "{\n  \"version\": 0.1,\n  \"tasks\": {\n    \"a\": {\n      \"task\": \"T\"\n    }\n  }\n}\n"
        )
    }

    @Test func valuesThatNoFileCanHoldAreRefused() throws {
        var job = JobDefinition()
        job.configuration.abortGrace = .seconds(-1)
        #expect(throws: InvalidJobError.self) { try YAMLJobDefinitionFormat().dump(job) }
        job = JobDefinition()
        job.tasks["a"] = TaskDefinition("T", parameters: ["x": .double(.infinity)])
        let error = #expect(throws: InvalidJobError.self) { try JSONJobDefinitionFormat().dump(job) }
        #expect(
            error?.description
                == "error: tasks.a.parameters.x: JSON cannot hold the number inf; dump the job as YAML"
        )
    }

    @Test func publicFormatsLoadByPath() throws {
        let directory = try JobDirectory(["job.yaml": "tasks: {a: {task: T}}"])
        let context = JobLoadingContext(appRoot: directory.path)
        let loaded = try YAMLJobDefinitionFormat().load("\(directory.path)/job.yaml", context: context)
        #expect(loaded.definition.tasks["a"]?.variant == "T")
        #expect(loaded.warnings.isEmpty)
        let error = #expect(throws: InvalidJobError.self) {
            try JSONJobDefinitionFormat().load("\(directory.path)/job.yaml", context: context)
        }
        #expect(error?.issues.first?.location?.line == 1)
    }
}
