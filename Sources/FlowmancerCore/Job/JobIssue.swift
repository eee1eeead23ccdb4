/// An error or a warning about a job definition.
public struct JobIssue: Sendable, Hashable {
    /// Whether a job with the issue can run.
    public enum Severity: String, Sendable, Hashable {
        /// The job can run. With `--strict`, a warning is an error.
        case warning
        /// The job cannot run.
        case error
    }

    /// Whether a job with the issue can run.
    public var severity: Severity
    /// The path of the value that the issue is about.
    public var path: ParameterPath
    /// The value's place in a job file; `nil` for a job that was built in code.
    public var location: SourceLocation?
    package var problem: Problem
    /// The task that stands for the job whose file the path begins at; `nil` for the job itself.
    package var subJob: String?

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
        case task, executor, logger, `extension`, checkpointer, history

        /// The name of several of the kind.
        package var plural: String { self == .history ? "histories" : "\(rawValue)s" }
    }

    /// Who has a resource.
    package enum ResourceOwner: Sendable, Hashable {
        case job
        /// The machine that runs the engine.
        case machine
        /// Each machine of an executor.
        case node(executor: String)
    }

    /// The facts; ``JobIssue/message`` words them.
    package enum Problem: Sendable, Hashable {
        case syntax(String)
        case unreadableFile(String, reason: String)
        case includeCycle([String])
        /// The files of jobs within jobs, from the one that contains itself to itself.
        case subJobCycle([String])
        /// A section that only counts in the file of the whole job.
        case ignoredSection(String)
        case duplicateKey(String, first: SourceLocation? = nil)
        case bothSpellings(String, String)
        /// Two properties of a type, `A.url` and `B.url`, answer to one key.
        case duplicateParameter(String, String, String)
        case unknownKey(String, known: [String])
        /// A key of a task that stands among the parameters of its type.
        case taskKeyAmongParameters(String)
        case missingKey(String, expected: String)
        case empty(expected: String)
        case wrongValue(expected: String, found: String, candidates: [String] = [])
        case rejectedValue(reason: String)
        case unknownType(NamedKind, String, TypeAbsence)
        case ambiguousType(NamedKind, String, candidates: [String])
        case unknownTask(String, known: [String])
        /// A pattern that stands for no task of the job.
        case unmatchedPattern(String, nearest: [String], known: [String])
        /// A name that means an item of a group; if it stands in an expression, with its place there.
        case item(ItemProblem, offset: Int?)
        /// A module that the job names has no types in the program.
        case missingModule(String)
        case selfDependency
        /// A task that is outside of the sub-job with the dependency.
        case taskOutsideSubJob(String, subJob: String)
        /// A key that cannot stand beside `job`.
        case keyBesideJob(String)
        /// A task that is named like one of a group or of a sub-job.
        case nameClash(String, with: String)
        /// The task never runs: its dependencies cannot end as the rule wants it.
        case ruleNeverHolds(TriggerRule, hasDependencies: Bool)
        /// The rule says nothing: there are no dependencies that it could judge.
        case ruleAlwaysHolds(TriggerRule)
        case dependencyCycle([String])
        case unsafeName(String, reason: String)
        case variable(VariableProblem)
        /// A key that names a property of a type which is no parameter.
        case unmarkedProperty(String, property: String, type: String)
        /// A parameter whose type has no values that a job file can hold.
        case unsupportedType(String)
        /// A secret is too short to be masked in output.
        case unmaskableSecret
        case limitExceeded(String)
        /// A resource that neither the job nor a machine has.
        case unknownResource(String, known: [String])
        /// More is asked for than there is.
        case scarceResource(String, wanted: Int, supply: Int, of: ResourceOwner)
        case unknownExecutor(String, known: [String])
        /// A parameter that takes something else than what a task publishes.
        case publishedOtherwise(expected: String, task: String, output: String, as: String)
        /// A value that a task needs of one that is left out, by flags, and has not published it before.
        case valueLeftOut(String, task: String)
        /// What is wrong within an expression, at this place of its text, in Unicode scalars.
        case expression(ExpressionProblem, offset: Int)
        /// A task that an expression names, at this place of its text.
        case unknownTaskInExpression(String, known: [String], offset: Int)
    }

    /// Takes the facts out that could show the value which the issue is about.
    mutating func hideValue() {
        switch problem {
        case .wrongValue(let expected, _, _):
            problem = .wrongValue(expected: expected, found: "a value that is not shown because it is secret")
        case .unknownKey(_, let known):
            path.components.removeLast()
            let reason = "it has an unknown key, which is not shown because the value is secret; expected one of: "
            problem = .rejectedValue(reason: reason + known.joined(separator: ", "))
        case .missingKey, .bothSpellings, .duplicateParameter, .unmarkedProperty, .unsupportedType, .variable:
            // These name what the type has, or a variable.
            break
        default:
            problem = .rejectedValue(reason: "the value was rejected; it is not shown because it is secret")
        }
    }

    package func located(by map: (any SourceMap)?) -> JobIssue {
        guard location == nil, let map else { return self }
        var copy = self
        copy.path = map.spelling(of: path)
        copy.subJob = map.subJob(of: path)
        switch problem {
        case .unknownKey, .unmarkedProperty, .duplicateKey, .bothSpellings, .unsafeName, .missingKey, .empty,
            .unknownResource, .keyBesideJob, .nameClash, .ignoredSection:
            copy.location = map.keyLocation(of: path)
        case .expression(_, let offset), .unknownTaskInExpression(_, _, let offset), .item(_, let offset?):
            copy.location = map.location(of: path, scalar: offset)
        default:
            copy.location = map.location(of: path)
        }
        return copy
    }
}

/// A job definition that cannot run.
public struct InvalidJobError: Error, Sendable, CustomStringConvertible {
    /// All errors and warnings, in the order of files and lines.
    public var issues: [JobIssue]

    /// Creates an error from issues.
    public init(issues: [JobIssue]) {
        self.issues = issues
    }

    /// All issues, one on each line.
    public var description: String {
        issues.map(\.description).joined(separator: "\n")
    }
}
