import FlowmancerTerminal

/// The types of some kinds that a program has, to be shown.
struct TypeListing {
    /// The types of one kind.
    struct Section {
        let kind: JobIssue.NamedKind
        let types: [ListedType]
    }

    let sections: [Section]

    init(_ kinds: [JobIssue.NamedKind], in catalog: TypeCatalog) {
        sections = kinds.map { kind in
            Section(kind: kind, types: catalog.entries(of: kind).map(ListedType.init))
        }
    }

    func print(asJSON: Bool) throws {
        if asJSON {
            try CommandOutput.print(json: json)
        } else {
            try CommandOutput.print(text(style: Console.standard.style, columns: CommandOutput.columns))
        }
    }
}

/// One type of a program.
struct ListedType {
    let entry: TypeEntry
    let group: GroupDescription

    init(_ entry: TypeEntry) {
        self.entry = entry
        group = entry.parameters.description
    }

    /// One parameter, of the type itself or of a group within.
    struct Row {
        /// The way to the parameter: `api_details.base_url`, `logins.*.password`.
        let path: String
        let parameter: ParameterDescription
    }

    /// All parameters, each group followed by its own.
    var rows: [Row] { rows(of: group, below: "") }

    private func rows(of group: GroupDescription, below prefix: String) -> [Row] {
        group.parameters.flatMap { parameter in
            let row = Row(path: prefix + parameter.key, parameter: parameter)
            guard let inner = parameter.type.innerGroup else { return [row] }
            return [row] + rows(of: inner.group, below: "\(row.path)\(inner.steps).")
        }
    }
}
