/// One thing that is wrong, or doubtful, in a job definition.
public struct JobIssue: Sendable, Hashable {
    /// Whether a job with the issue can run.
    public enum Severity: String, Sendable, Hashable {
        /// The job runs; `--strict` makes an error of it.
        case warning
        /// The job does not run.
        case error
    }

    /// Whether a job with the issue can run.
    public var severity: Severity
    /// The value that the issue is about.
    public var path: ParameterPath
    /// Where the value stands; `nil` for a job that was built in code.
    public var location: SourceLocation?
    package var problem: Problem

    package init(
        _ problem: Problem,
        at path: ParameterPath,
        location: SourceLocation? = nil,
        severity: Severity = .error
    ) {
        self.severity = severity
        self.path = path
        self.location = location
        self.problem = problem
    }

    /// The kind of thing that a name in a job file stands for.
    package enum NamedKind: String, Sendable, Hashable {
        case task, logger, `extension`, checkpointer
    }

    /// The facts; ``JobIssue/message`` words them.
    package enum Problem: Sendable, Hashable {
        case syntax(String)
        case unreadableFile(String, reason: String)
        case includeCycle([String])
        case duplicateKey(String, first: SourceLocation? = nil)
        case bothSpellings(String, String)
        /// Two properties of a type, `A.url` and `B.url`, answer to one key.
        case duplicateParameter(String, String, String)
        case unknownKey(String, known: [String])
        case missingKey(String, expected: String)
        case empty(expected: String)
        case wrongValue(expected: String, found: String, candidates: [String] = [])
        case rejectedValue(reason: String)
        case unknownType(NamedKind, String, known: [String])
        case ambiguousType(NamedKind, String, candidates: [String])
        case unknownTask(String, known: [String])
        /// A pattern that stands for no task of the job.
        case unmatchedPattern(String, nearest: [String], known: [String])
        /// A module that the job names has no types in the program.
        case missingModule(String)
        case selfDependency
        case dependencyCycle([String])
        case unsafeName(String, reason: String)
        case unsetVariable(String)
        /// A secret is too short to be masked in output.
        case unmaskableSecret
        case limitExceeded(String)
    }

    /// Takes the facts out that could show the value which the issue is about.
    mutating func hideValue() {
        switch problem {
        case .wrongValue(let expected, _, _):
            problem = .wrongValue(expected: expected, found: "a value that is not shown, since it is secret")
        case .unknownKey(_, let known):
            path.components.removeLast()
            let reason = "it has an unknown key, which is not shown since the value is secret; expected one of: "
            problem = .rejectedValue(reason: reason + known.joined(separator: ", "))
        case .missingKey, .bothSpellings, .duplicateParameter:
            // These name keys of the type only.
            break
        default:
            problem = .rejectedValue(reason: "the value was rejected; it is not shown, since it is secret")
        }
    }

    package func located(by map: (any SourceMap)?) -> JobIssue {
        guard location == nil, let map else { return self }
        var copy = self
        copy.path = map.spelling(of: path)
        switch problem {
        case .unknownKey, .duplicateKey, .bothSpellings, .unsafeName, .missingKey, .empty:
            copy.location = map.keyLocation(of: path)
        default:
            copy.location = map.location(of: path)
        }
        return copy
    }
}

/// A job definition that cannot run, with everything that is wrong in it.
public struct InvalidJobError: Error, Sendable, CustomStringConvertible {
    /// All errors and warnings, in the order of the files and lines where they stand.
    public var issues: [JobIssue]

    /// Creates an error from what was found.
    public init(issues: [JobIssue]) {
        self.issues = issues
    }

    /// All issues as people read them, one after the other.
    public var description: String {
        issues.map(\.description).joined(separator: "\n")
    }
}
