import Flowmancer
import FlowmancerDiscovery
import TestSupport
import Testing

@testable import FlowmancerCore

/// The descriptions of all types of this package check values as the types do.
@Suite struct DescriptionTests {
    /// All but one that has a type with raw values of which it refuses some.
    private static let entries = JobIssue.NamedKind.allCases.flatMap { TypeCatalog.discovered().entries(of: $0) }
        .filter { $0.name != "Listen" }

    @Test(arguments: entries) func aDescriptionChecksAsItsTypeDoes(entry: TypeEntry) {
        var random = RandomParameters(seed: 1)
        let description = entry.parameters.description
        let path = ParameterPath("parameters")
        for _ in 0..<150 {
            let members = random.members(of: description)
            var byType: [JobIssue] = []
            ParameterProbe(entry.parameters).check(members, at: path, issues: &byType)
            var byDescription: [JobIssue] = []
            description.check(members, at: path, issues: &byDescription)
            // Of a type with a conversion of its own, the description has only the form.
            func isKnown(_ issue: JobIssue) -> Bool { !description.hasOwnConversion(at: issue.path, below: path) }
            #expect(byDescription.filter(isKnown) == byType.filter(isKnown), "\(members)")
            for issue in byDescription where !isKnown(issue) {
                #expect(byType.contains { $0.path.isBeside(issue.path) }, "\(issue): \(members)")
            }
        }
    }
}

extension GroupDescription {
    /// Whether a value is, or is within, one whose type converts it by rules of its own.
    fileprivate func hasOwnConversion(at path: ParameterPath, below root: ParameterPath) -> Bool {
        let steps = path.components.dropFirst(root.components.count)
        return steps.indices.contains { end in
            find(steps[...end]).parameter.map { $0.type.hasOwnConversion } ?? false
        }
    }
}

extension TypeDescription {
    fileprivate var hasOwnConversion: Bool {
        switch self {
        case .worded, .custom: true
        case .optional(let inner), .list(let inner, _), .mapping(_, let inner): inner.hasOwnConversion
        default: false
        }
    }
}

extension ParameterPath {
    /// Whether one path leads to a value within that of the other.
    fileprivate func isBeside(_ other: ParameterPath) -> Bool {
        components.starts(with: other.components) || other.components.starts(with: components)
    }
}
