import ArgumentParser
import FlowmancerJobFile

/// Writes a JSON Schema for the job files of a program.
struct SchemaCommand: JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print a JSON Schema of job files for this program, by which editors complete and check them.",
        discussion: """
            Put it into a file, and name that on the first line of a job file:

              # yaml-language-server: $schema=./job.schema.json

            Whatever is required may be missing in a file that includes others. Files that are included by others need \
            --partial, by which nothing is required.
            """
    )

    @Flag(help: "For files that others include: nothing is required.")
    var partial = false

    func execute(in program: Program) async throws -> Int32 {
        try CommandOutput.print(json: JobSchema(program.catalog, isPartial: partial).root)
        return 0
    }
}
