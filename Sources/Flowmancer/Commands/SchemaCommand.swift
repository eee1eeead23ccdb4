import ArgumentParser
import FlowmancerJobFile

/// Writes a JSON Schema for the job files of a program.
struct SchemaCommand: JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print a JSON Schema for this program's job files. Editors use it to complete and check them.",
        discussion: """
            Save it in a file, and name the file in the first line of a job file:

              # yaml-language-server: $schema=./job.schema.json

            In a file that includes others, required keys may be missing. For a file that others include, use the schema \
            that --partial prints: it requires nothing.
            """
    )

    @Flag(help: "Require nothing: for files that others include.")
    var partial = false

    func execute(in program: Program) async throws -> Int32 {
        try CommandOutput.print(json: JobSchema(program.catalog, isPartial: partial).root)
        return 0
    }
}
