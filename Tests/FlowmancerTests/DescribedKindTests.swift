import FlowmancerCore
import FlowmancerJobFile
import FoundationEssentials
import TestSupport
import Testing

@testable import Flowmancer

/// The commands know a kind of tasks that is no Swift type by its description.
@Suite struct DescribedKindTests {
    private let catalog: TypeCatalog = {
        var catalog = TypeCatalog()
        catalog.add(TaskKind.upload)
        return catalog
    }()

    @Test func itIsListed() throws {
        let listing = TypeListing([.task], in: catalog)
        let text = listing.text(style: .plain, columns: 100)
        for part in [
            "Upload  in Scripts", "Uploads a file.", "file      text, required", "integer from 1 to 100, default 10",
        ] {
            #expect(text.contains(part), "\(text)")
        }
        #expect(listing.json.inlineJSON.contains("\"qualified_name\": \"Scripts.Upload\""))
    }

    @Test func itIsInTheSchema() throws {
        let schema = JobSchema(catalog).root.inlineJSON
        #expect(schema.contains("\"#/$defs/Scripts.Upload\"") && schema.contains("What to upload."))
        #expect(schema.contains("\"maximum\": 100"))
    }

    @Test func itsValuesAreExplained() throws {
        let file = FileManager.default.temporaryDirectory.path + "/described-kind-\(UUID()).json"
        let text = #"{"tasks": {"a": {"task": "Upload", "parameters": {"file": "x", "token": "the-token"}}}}"#
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: file) }
        let history = JSONJobDefinitionFormat().loadHistory(file, context: JobLoadingContext(appRoot: "/"))
        let explanation = ValueExplanation(of: history, catalog: catalog)
        #expect(try explanation.text(of: ParameterPath("tasks", "a", "parameters", "token")).contains("= ***"))
        let rate = try explanation.text(of: ParameterPath("tasks", "a", "parameters", "maxRate"))
        #expect(rate.contains("tasks.a.parameters.max_rate = 10") || rate.contains("this is the default"), "\(rate)")
        let issues = JobValidator.validate(history.job.definition, catalog: catalog).map(\.path.description)
        #expect(issues.allSatisfy { !$0.hasPrefix("tasks") })
    }
}
