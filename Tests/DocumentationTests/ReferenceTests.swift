import ArgumentParser
import FlowmancerDiscovery
import FlowmancerJobFile
import Testing

@testable import Flowmancer

/// The pages that are references leave nothing out.
@Suite struct ReferenceTests {
    @Test func everyKeyOfAJobFileIsThere() throws {
        let page = try Article("Documentation/JobFiles.md").text
        let keys = JobSection.all.flatMap { [$0.key] + ($0.keys?.parameters.flatMap(\.spellings) ?? []) }
        for key in keys { #expect(page.contains("`\(key)`"), "JobFiles.md does not have \(key)") }
    }

    @Test func everyParameterOfABuiltInTypeIsThere() throws {
        let pages = [
            "Documentation/Plugins.md", "Documentation/Shell.md",
            "Sources/Flowmancer/Documentation.docc/UsingACluster.md",
        ]
        let page = try pages.map { try Article($0).text }.joined()
        let catalog = TypeCatalog.discovered()
        let kinds: [JobIssue.NamedKind] = JobIssue.NamedKind.allCases
        let types = kinds.flatMap(catalog.entries(of:)).filter { Self.isBuiltIn($0.module) }
        #expect(types.count > 10)
        for entry in types {
            let name = entry.qualifiedName.split(separator: ".").last ?? ""
            #expect(page.contains("`\(name)`"), "the pages do not have \(name)")
            for parameter in entry.parameters.description.parameters {
                #expect(page.contains("`\(parameter.key)`"), "\(name): the pages do not have \(parameter.key)")
            }
        }
    }

    private static func isBuiltIn(_ module: String) -> Bool {
        ["Plugins", "History", "Notifications", "Slurm", "Telemetry", "SQLite", "Postgres"].contains {
            module == "Flowmancer\($0)"
        }
    }

    @Test func everyCommandAndFlagIsThere() throws {
        let page = try Article("Documentation/CommandLine.md").text
        for command in ProgramCommand.configuration.subcommands {
            let name = command.configuration.commandName ?? ""
            #expect(page.contains("`\(name)"), "CommandLine.md does not have the command \(name)")
            let help = ProgramCommand.helpMessage(for: command)
            for match in help.matches(of: /--[a-z][a-z-]+/) {
                #expect(page.contains(match.output), "CommandLine.md does not have \(match.output) of \(name)")
            }
        }
    }
}
