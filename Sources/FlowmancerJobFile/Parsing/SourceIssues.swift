import FlowmancerCore

/// Collects what is wrong in the text of a file, with the places.
struct SourceIssues {
    let file: SourceFile
    let expander: VariableExpander
    private(set) var list: [JobIssue] = []
    /// The names of the variables that `--var` sets, as far as the text mentions them.
    private(set) var mentioned: Set<String> = []
    private var finder: VariableFinder

    init(file: SourceFile, expander: VariableExpander) {
        self.file = file
        self.expander = expander
        finder = VariableFinder(file)
    }

    mutating func add(
        _ problem: JobIssue.Problem,
        at mark: SourceMark,
        path: ParameterPath = ParameterPath(),
        severity: JobIssue.Severity = .error
    ) {
        list.append(JobIssue(problem, at: path, location: file.location(of: mark), severity: severity))
    }

    /// Expands the variables in a key.
    mutating func expandKey(_ key: String, at place: ScalarPlace) -> String {
        guard VariableScanner.mayFindVariables(in: key) else { return key }
        review(key, at: place, path: ParameterPath())
        var findings: [VariableExpander.Finding] = []
        let result = expander.expand(key, findings: &findings)
        for finding in findings { add(.variable(finding.problem), at: place.start, severity: finding.severity) }
        return result
    }

    /// Warns of what is doubtful about the variables of a text that is expanded.
    mutating func review(_ text: String, at place: ScalarPlace, path: ParameterPath) {
        let variables = variables(in: text)
        if variables.contains(where: { $0.doubt != nil }) {
            warn(zip(variables.map(\.doubt), finder.marks(of: variables.count, in: place)), path: path)
        }
        for case .text(let part) in VariableScanner(text) {
            for found in VariableResemblance.find(in: part) {
                let problem = VariableProblem.resembling(found.written, meant: found.meant)
                add(.variable(problem), at: place.start, path: path, severity: .warning)
            }
        }
    }

    /// Notes the variables of an expression, about which its parser says what there is to say.
    mutating func noteVariables(in text: String) {
        _ = variables(in: text)
    }

    /// Returns the text of a scalar as the file has it, and where it begins.
    mutating func written(in place: ScalarPlace) -> (text: String, start: SourceMark) {
        finder.text(in: place) ?? ("", place.start)
    }

    /// Warns of the variables in a text that is taken as it stands.
    mutating func reviewLiteral(
        _ text: String,
        _ kind: VariableProblem.LiteralPlace,
        at place: ScalarPlace,
        path: ParameterPath
    ) {
        let variables = variables(in: text)
        guard !variables.isEmpty else { return }
        // A variable that the text has several times is named once.
        var labels: Set<String> = []
        let problems = variables.map { variable in
            // Scripts have variables of this name, too.
            if variable.kind == .item, variable.name.isEmpty { return nil as VariableProblem? }
            return labels.insert(variable.label).inserted ? VariableProblem.literal(variable.label, kind) : nil
        }
        warn(zip(problems, finder.marks(of: variables.count, in: place)), path: path)
    }

    private mutating func warn(
        _ problems: some Sequence<(VariableProblem?, SourceMark)>,
        path: ParameterPath
    ) {
        for (problem, mark) in problems {
            if let problem { add(.variable(problem), at: mark, path: path, severity: .warning) }
        }
    }

    private mutating func variables(in text: String) -> [VariableReference] {
        VariableScanner(text).compactMap { piece in
            guard case .variable(let variable, _) = piece else { return nil }
            if variable.kind == .variable { mentioned.insert(variable.name) }
            return variable
        }
    }
}
