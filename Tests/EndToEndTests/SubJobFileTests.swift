import Foundation
import Testing

/// Groups and jobs within jobs, as the commands that do not run anything see them.
@Suite(.ownThread) struct SubJobFileTests {
    private static let files = [
        "job.yaml": """
        include: [base.yaml]
        tasks:
          list: {task: NoOp, for_each: [eu, 7]}
          publish:
            dependencies: [list]
            variables:
              channel: $VAR{c:beta}
            job: publish.yaml
          deploy:
            job:
              tasks:
                copy: {max_attempts: 3}
          report: {task: Print, dependencies: [deploy/copy], parameters: {text: done}}
        """,
        "base.yaml":
            "tasks:\n  deploy: {job: {tasks: {copy: {task: Print, max_attempts: 2, parameters: {text: base}}}}}\n",
        "publish.yaml": "tasks:\n  build:\n    task: Print\n    parameters:\n      text: to $VAR{channel}\n",
    ]

    private func run(_ arguments: String..., files: [String: String] = [:]) throws -> Finished {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        for (name, text) in Self.files.merging(files, uniquingKeysWith: { $1 }) { try sandbox.write(text, to: name) }
        return try sandbox.start(arguments).wait()
    }

    @Test func jobIsValid() throws {
        let result = try run("validate", "job.yaml", "--strict")
        #expect(result.exitCode == 0, "\(result.output)\(result.errors)")
    }

    @Test func valuesOfFilesAreExplained() throws {
        let result = try run("explain", "tasks.publish/build.parameters.text", "job.yaml")
        #expect(
            result.output == """
                tasks.publish/build.parameters.text = "to beta"
                  set at publish.yaml:5:13
                  written as to $VAR{channel}
                  $VAR{channel} is "beta"

                """,
            "\(result.errors)"
        )
    }

    @Test func valuesOfMappingsAreExplained() throws {
        let result = try run("explain", "tasks.deploy/copy.max_attempts", "job.yaml")
        #expect(
            result.output == """
                tasks.deploy/copy.max_attempts = 3
                  set at job.yaml:12:30
                  overrides 2 from base.yaml:2:60 (included: job.yaml → base.yaml)
                  the default is 1

                """,
            "\(result.errors)"
        )
        #expect(
            try run("explain", "tasks.deploy/cpy.task", "job.yaml").errors.contains(
                "did you mean 'tasks.deploy/copy.task'?"
            )
        )
    }

    @Test(
        arguments: [
            ("tasks.list[eu].task", "\n  the item is \"eu\"\n"), ("tasks.list[7]", "\n  the item is 7\n"),
            ("tasks.list[us].task", "'list' has no item 'us'; expected one of: eu, 7"),
        ]
    )
    func itemsAreExplained(_ path: String, _ expected: String) throws {
        let result = try run("explain", path, "job.yaml")
        #expect((result.output + result.errors).contains(expected), "\(result.output)\(result.errors)")
    }

    @Test func mistakesInFilesNameTheTask() throws {
        let result = try run("validate", "job.yaml", files: ["publish.yaml": "tasks:\n  build: {task: Prnt}\n"])
        #expect(result.exitCode != 0)
        #expect(
            (result.output + result.errors).contains(
                "publish.yaml:2:17: error: tasks.build.task: no task type is named 'Prnt'"
            ),
            "\(result.output)\(result.errors)"
        )
        #expect((result.output + result.errors).contains("(in the job of 'publish')"))
    }
}
