import Foundation
import Testing

/// What is said of a type that a job file names and that is not found.
@Suite(.ownThread) struct TypeAdviceTests {
    private func errors(_ job: String, program: String = "test-app") throws -> String {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(job, to: "job.yaml")
        let result = try sandbox.start(["validate", "job.yaml"], program: program).wait()
        #expect(result.exitCode == 1)
        return result.errors
    }

    @Test(
        arguments: [
            ("extensions: {x: {extension: FileLogger}}", "FileLogger is a logger: name it under 'loggers'\n"),
            ("loggers: {x: {logger: FlowmancerPlugins.Shell}}", "Shell is a task: name it under 'tasks'\n"),
            (
                "loggers: {x: {logger: RichProgressBar}}",
                "RichProgressBar is an extension: name it under 'extensions'\n"
            ),
            ("extensions: {x: {extension: FileCheckpointer}}", "is a checkpointer: name it under 'checkpointer'\n"),
        ]
    )
    func aTypeOfAnotherKindIsNamedElsewhere(section: String, advice: String) throws {
        let text = try errors("tasks: {a: {task: NoOp}}\n\(section)")
        #expect(text.contains(advice), "\(text)")
    }

    @Test func aNestedTypeAnswersToItsNameWithAndWithoutTheTypesAroundIt() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = """
            tasks: {a: {task: Nested}, b: {task: Outer.Nested}, c: {task: test_app.Outer.Nested}}
            """
        #expect(try sandbox.run(job).exitCode == 0)
        #expect(try sandbox.log("b") == ["INFO - nested"])
    }

    @Test(
        arguments: [
            (
                "Repeat",
                "Repeat is generic, and a job file can name only its registered forms: in register(in:) of this "
                    + "program, add catalog.register(Repeat<…>.self) for each form, or write one of: Repeat<Int>, Repeat<String>"
            ),
            ("Repeat<Double>", "or write one of: Repeat<Int>, Repeat<String>"),
            ("Outer.Template", "Template is generic, "), ("test_app.Outer.Template<Int>", "Template is generic, "),
            (
                "Inheriting",
                "the class Inheriting inherits its conformance to FlowTask, and is only found if it is registered: in "
                    + "register(in:) of this program, add catalog.register(Inheriting.self)\n"
            ),
            ("test_app.Inheriting", "add catalog.register(Inheriting.self)\n"),
            ("Conformless", "this program has a type of that name, but it does not conform to FlowTask\n"),
            ("Prnt", "did you mean 'Print'?\n"), ("other.Print", "did you mean 'Print'?\n"),
            (
                "SomethingElse",
                "If the type is in another module, add that to the dependencies of this program's target"
            ),
        ]
    )
    func theReasonThatATypeIsNotFoundIsTold(name: String, advice: String) throws {
        let text = try errors("tasks: {a: {task: '\(name)'}}")
        #expect(text.contains("no task type is named '\(name)'; "), "\(text)")
        #expect(text.contains(advice), "\(text)")
    }

    @Test func aProgramWithoutTypesOfItsOwnSaysSo() throws {
        let text = try errors("tasks: {a: {task: MyOwnTask}}", program: "flowmancer")
        let advice =
            "expected one of: Shell. This program has only the types of Flowmancer: run the job with the program "
        #expect(text.contains(advice + "that has MyOwnTask\n"), "\(text)")
    }

    /// It says to register the class, not to add it to the package, in which it is.
    @Test func anInheritedConformanceInAnExtensionDirectoryIsToBeRegistered() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try FileManager.default.createDirectory(atPath: sandbox.path("tasks"), withIntermediateDirectories: false)
        let source = "class InheritedFrom: FlowTask {}\nfinal class Inheriting: InheritedFrom {}\n"
        try sandbox.write(source, to: "tasks/Tasks.swift")
        let job = "config: {extension_directories: [tasks]}\ntasks: {a: {task: NoOp}}"
        try sandbox.write(job, to: "job.yaml")
        let result = try sandbox.start(["validate", "job.yaml"]).wait()
        #expect(result.exitCode == 0)
        #expect(
            result.errors.contains(
                "warning: config.extension_directories[0]: the task type 'Inheriting' in tasks/Tasks.swift:2 inherits its "
                    + "conformance from InheritedFrom, and is only found if it is registered: in register(in:) of this "
                    + "program, add catalog.register(Inheriting.self)\n"
            ),
            "\(result.errors)"
        )
    }
}
