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

    /// Whether all files could be read and their text understood.
    package let isComplete: Bool

    init(definition: JobDefinition, issues: [JobIssue], files: [String], isComplete: Bool) {
        self.definition = definition
        self.files = files
        self.isComplete = isComplete
        self.issues = []
        self.issues = inOrder(issues)
    }

    /// Whether the job can run, as far as its files say.
    package var isValid: Bool { issues.allSatisfy { $0.severity == .warning } }

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
        guard isComplete else { return issues }
        var unread: Set<Place> = []
        for issue in issues where issue.severity == .error {
            switch issue.problem {
            case .unknownKey, .duplicateKey, .bothSpellings: break
            default: unread.insert(Place(issue.subject, issue.subJob))
            }
        }
        let genuine = later.filter { issue in
            let steps = issue.subject.components
            return !(0...steps.count).contains {
                unread.contains(Place(ParameterPath(Array(steps.prefix($0))), issue.subJob))
            }
        }
        // An error says what the warning about the same variable says, and more.
        let refused = Set(genuine.filter(\.isAboutUnsetVariable).map { Place($0.path, $0.subJob) })
        let others = issues.filter { !($0.isWarningOfUnsetVariable && refused.contains(Place($0.path, $0.subJob))) }
        return inOrder(others + genuine)
    }

    /// A value of a file that may belong to a job within the job.
    private struct Place: Hashable {
        let path: ParameterPath
        let subJob: String?

        init(_ path: ParameterPath, _ subJob: String?) {
            self.path = path
            self.subJob = subJob
        }
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
        // A file that is the job of several tasks has each of its mistakes once.
        var seen: Set<Mistake> = []
        return sorted.map(\.element).filter { issue in
            guard issue.subJob != nil, let place = issue.location else { return true }
            return seen.insert(Mistake(place: place, problem: issue.problem)).inserted
        }
    }

    private struct Mistake: Hashable {
        let place: SourceLocation
        let problem: JobIssue.Problem
    }
}

extension JobIssue {
    /// The path of the value that is wrong or missing.
    fileprivate var subject: ParameterPath {
        if case .missingKey(let key, _) = problem { return path.appending(key) }
        return path
    }
}

extension JobIssue {
    /// Whether the issue is that something is missing.
    var isAboutAbsence: Bool {
        switch problem {
        case .missingKey, .empty: true
        default: false
        }
    }

    /// Whether the text of a file was understood in spite of the issue.
    var leavesTheFileWhole: Bool {
        switch problem {
        case .syntax, .limitExceeded: severity == .warning
        default: true
        }
    }

    fileprivate var isAboutUnsetVariable: Bool {
        switch problem {
        case .variable(.emptyParameter), .variable(.incompleteSecret): true
        default: false
        }
    }

    fileprivate var isWarningOfUnsetVariable: Bool {
        switch problem {
        case .variable(.unset), .variable(.unknown(_, hasDefault: false, _, _)): true
        default: false
        }
    }
}

/// A format that reads invalid jobs too, as far as they make sense.
package protocol PartialJobLoading: JobDefinitionFormat {
    /// Reads a job, with everything that it includes.
    func loadPartially(_ path: String, context: JobLoadingContext) -> PartialJob
    /// Reads a job, and keeps where its values come from.
    func loadHistory(_ path: String, context: JobLoadingContext) -> JobHistory
}
