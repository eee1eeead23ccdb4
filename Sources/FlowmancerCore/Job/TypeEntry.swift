/// A type that job files can name, with all of its names: a Swift type, or a kind of tasks that is none.
package struct TypeEntry: Sendable {
    /// The type's name with its module: `Module.Name`.
    package let qualifiedName: String
    /// All names by which a job file can mean the type and no other.
    package internal(set) var names: Set<String> = []
    /// What a job file can set.
    package let parameters: KindParameters

    init(qualifiedName: String, parameters: KindParameters) {
        self.qualifiedName = qualifiedName
        self.parameters = parameters
    }

    /// The shortest name by which a job file can mean the type.
    package var name: String {
        names.min { ($0.count, $0) < ($1.count, $1) } ?? qualifiedName
    }

    /// What the type is for, in a sentence; empty if its author does not say.
    package var abstract: String { parameters.abstract }

    /// The name of the type's module.
    package var module: String { String(qualifiedName.prefix { $0 != "." }) }
}

extension JobIssue.NamedKind: CaseIterable {
    /// In the order of a job file's sections.
    package static let allCases: [JobIssue.NamedKind] = [
        .task, .executor, .logger, .extension, .checkpointer, .history,
    ]
}

extension TypeCatalog {
    /// The modules that the types come from.
    package var modules: Set<String> {
        Set(JobIssue.NamedKind.allCases.flatMap { entries(of: $0).map(\.module) })
    }
}
