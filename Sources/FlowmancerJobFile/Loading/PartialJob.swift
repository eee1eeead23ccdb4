package import FlowmancerCore

/// A job as far as its files could be understood.
///
/// It lets the checks of ``JobValidator`` run on what is sound, so that one report holds all errors.
package struct PartialJob: Sendable {
    /// The job; what could not be understood is left out of it or has its default.
    package var definition: JobDefinition
    /// Everything that is wrong or doubtful, in the order of files and lines.
    package var issues: [JobIssue]
    /// The files' names, in the order in which they were met.
    let files: [String]

    init(definition: JobDefinition, issues: [JobIssue], files: [String]) {
        self.definition = definition
        self.files = files
        self.issues = []
        self.issues = inOrder(issues)
    }

    /// Whether the job can run, as far as its files say.
    package var isValid: Bool { issues.allSatisfy { $0.severity == .warning } }

    /// Whether all files could be read and their text understood.
    package var isComplete: Bool {
        issues.allSatisfy { issue in
            switch issue.problem {
            case .syntax, .unreadableFile, .includeCycle, .limitExceeded: issue.severity == .warning
            default: true
            }
        }
    }

    /// Returns the job with its warnings.
    ///
    /// - Throws: ``InvalidJobError`` with all issues if one of them is an error.
    package func get() throws -> LoadedJob {
        guard isValid else { throw InvalidJobError(issues: issues) }
        return LoadedJob(definition, warnings: issues)
    }

    /// Returns the job's issues together with those that later checks of ``definition`` found.
    ///
    /// Left out are those that only follow from what could not be read: a task whose `task` is missing has no type.
    package func report(adding later: [JobIssue]) -> [JobIssue] {
        var unread: Set<ParameterPath> = []
        for issue in issues where issue.severity == .error {
            switch issue.problem {
            case .syntax, .unreadableFile, .includeCycle, .limitExceeded: return issues
            case .unknownKey, .duplicateKey, .bothSpellings: break
            default: unread.insert(issue.subject)
            }
        }
        if unread.contains(where: { $0.components.first == .key("include") }) { return issues }
        let genuine = later.filter { issue in
            let steps = issue.subject.components
            return !(0...steps.count).contains { unread.contains(ParameterPath(Array(steps.prefix($0)))) }
        }
        return inOrder(issues + genuine)
    }

    /// Sorts issues by file, line and column; those without a place come first.
    private func inOrder(_ issues: [JobIssue]) -> [JobIssue] {
        let order = Dictionary(files.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        func position(_ issue: JobIssue) -> (Int, Int, Int) {
            guard let place = issue.location else { return (-1, 0, 0) }
            return (order[place.file] ?? -1, place.line, place.column)
        }
        let sorted = issues.enumerated().sorted {
            let (first, second) = (position($0.element), position($1.element))
            return first == second ? $0.offset < $1.offset : first < second
        }
        return sorted.map(\.element)
    }
}

extension JobIssue {
    /// The path of the value that is wrong or missing.
    fileprivate var subject: ParameterPath {
        if case .missingKey(let key, _) = problem { return path.appending(key) }
        return path
    }
}

/// A format that reads invalid jobs too, as far as they make sense.
package protocol PartialJobLoading: JobDefinitionFormat {
    /// Reads a job, with everything that it includes.
    func loadPartially(_ path: String, context: JobLoadingContext) -> PartialJob
    /// Reads a job, and keeps where its values come from.
    func loadHistory(_ path: String, context: JobLoadingContext) -> JobHistory
}
