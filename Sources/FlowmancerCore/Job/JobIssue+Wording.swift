extension JobIssue: CustomStringConvertible {
    /// The issue on one line: place, severity, path and message.
    public var description: String {
        let place = location.map { "\($0): " } ?? ""
        let subject = path.components.isEmpty ? "" : "\(path): "
        let owner = subJob.map { " (in the job of '\($0)')" } ?? ""
        return "\(place)\(severity): \(subject)\(message)\(owner)".printable
    }

    /// What was found and expected, and what to do about it.
    public var message: String { wording.printable }

    private var wording: String {
        switch problem {
        case .syntax(let text):
            text
        case .unreadableFile(let file, let reason):
            "cannot read \(file): \(reason)"
        case .includeCycle(let files):
            "the files include each other in a circle: \(files.joined(separator: " → "))"
        case .subJobCycle(let files):
            "the jobs contain each other in a circle: \(files.joined(separator: " → "))"
        case .ignoredSection(let key):
            "'\(key)' is ignored here: a job within a job runs under the plug-ins and settings of the whole job; remove it, "
                + "or set it there"
        case .duplicateKey(let key, let first):
            "the key '\(key)' is set twice\(first.map { ", first at \($0)" } ?? ""); "
                + "remove one of them"
        case .bothSpellings(let first, let second):
            "'\(first)' and '\(second)' are two spellings of one key; keep one of them"
        case .duplicateParameter(let key, let first, let second):
            "two parameters are named '\(key)', \(first) and \(second); rename one of these properties in Swift"
        case .unknownKey(let key, let known):
            "unknown key '\(key)'; " + Self.choice(of: key, among: known, none: "no key is allowed here")
        case .taskKeyAmongParameters(let key):
            "'\(key)' is a key of the task, not one of the parameters of its type; write it beside 'parameters'"
        case .empty(let expected):
            "it is empty; expected \(expected)"
        case .missingKey(let key, let expected):
            "the required key '\(key)' is missing; expected \(expected)"
        case .wrongValue(let expected, let found, let candidates):
            "expected \(expected), found \(found)" + Self.suggestion(for: Self.quotedText(found), among: candidates)
        case .rejectedValue(let reason):
            reason
        case .unknownType(let kind, let name, let absence):
            "no \(kind.rawValue) type is named '\(name)'; \(absence.advice(kind, name))"
        case .ambiguousType(let kind, let name, let candidates):
            "several \(kind.rawValue) types are named '\(name)'; write one of: \(candidates.joined(separator: ", "))"
        case .unknownTask(let name, let known), .unknownTaskInExpression(let name, let known, _):
            "no task is named '\(name)'; " + Self.choice(of: name, among: known, none: "the job has no tasks")
        case .unmatchedPattern(let pattern, let nearest, let known):
            "no task has a name that matches '\(pattern)'; "
                + Self.choice(of: nearest, among: known, none: "the job has no tasks")
        case .item(let problem, _):
            problem.wording
        case .missingModule(let name):
            Self.missingModule(name)
        case .selfDependency:
            "a task cannot depend on itself; remove the dependency"
        case .taskOutsideSubJob(let name, let subJob) where name == subJob:
            "the task is part of '\(name)', so it cannot wait for it; remove the dependency"
        case .taskOutsideSubJob(let name, let subJob):
            "'\(name)' is outside of the job that the task belongs to; add it to the dependencies of '\(subJob)', whose "
                + "tasks wait for those"
        case .keyBesideJob(let key):
            Self.keyBesideJob(key)
        case .nameClash(let name, let owner):
            "'\(name)' is also the name of a task of '\(owner)'; rename one of them"
        case .ruleNeverHolds(let rule, hasDependencies: false):
            "the task never runs: it has no dependencies, so '\(rule.rawValue)' never holds; add 'dependencies', "
                + "or remove 'run_if'"
        case .ruleNeverHolds(let rule, hasDependencies: true):
            "the task never runs: its dependencies cannot end in a way that '\(rule.rawValue)' holds; "
                + "change 'run_if' here or of its dependencies"
        case .ruleAlwaysHolds(let rule):
            "'\(rule.rawValue)' always holds, because the task has no dependencies; add 'dependencies', or remove 'run_if'"
        case .dependencyCycle(let names):
            "the tasks depend on each other in a circle: \(Self.chain(names))"
        case .unsafeName(let name, let reason):
            "'\(name)' cannot be a name: \(reason)"
        case .variable(let problem):
            problem.wording
        case .unmarkedProperty(let key, let property, let type):
            "unknown key '\(key)'; \(type) has a property '\(property)', but it is not a parameter; "
                + "mark it with @Parameter"
        case .unsupportedType(let text):
            text
        case .unmaskableSecret:
            "the secret is too short to be masked in the output of tasks; use at least "
                + "\(SecretText.minimumLength) characters"
        case .limitExceeded(let text):
            text
        case .unknownResource(let name, let known):
            "there is no resource '\(name)'; " + Self.choice(of: name, among: known, none: "")
                + " (or add it to 'resources' in 'config')"
        case .scarceResource(let name, let wanted, let supply, let owner):
            Self.scarcity(of: name, wanted: wanted, supply: supply, owner)
        case .unknownExecutor(let name, let known):
            "there is no executor '\(name)'; " + Self.choice(of: name, among: known, none: "")
                + " (or add it to the section 'executors')"
        case .publishedOtherwise(let expected, let task, let output, let type):
            "expects \(expected); '\(task)' publishes '\(output)' as \(type)"
        case .valueLeftOut(let label, let task):
            "\(label) has no value, because '\(task)' is left out, and no checkpoint has what it published; run it, too, or "
                + "write \(label.dropLast()):default}"
        case .expression(let problem, _):
            problem.wording
        }
    }

    private static func keyBesideJob(_ key: String) -> String {
        switch key {
        case "task":
            "a task has either 'task' or 'job'; remove one of them"
        case "parameters":
            "'parameters' cannot stand beside 'job'; give the tasks of the job values by 'variables'"
        default:
            "'\(key)' cannot stand beside 'job'; write it in the tasks of the job"
        }
    }

    private static func scarcity(of name: String, wanted: Int, supply: Int, _ owner: ResourceOwner) -> String {
        let wanted = ResourceAmountText.text(wanted, of: name)
        let there = supply == 0 ? "none" : "only \(ResourceAmountText.text(supply, of: name))"
        let start = "an attempt asks for \(wanted) of '\(name)', but"
        return switch owner {
        case .job:
            "\(start) there is \(there); ask for less, or raise 'resources.\(name)' in 'config'"
        case .machine:
            "\(start) this machine has \(there); ask for less, or set 'resources.\(name)' in 'config' to what the job may "
                + "count on"
        case .node(let executor):
            "\(start) a node of the executor '\(executor)' has \(there); ask for less, or for larger nodes in its parameters"
        }
    }

    private static func missingModule(_ name: String) -> String {
        if let product = OptionalProduct.named(name) {
            return "no types of the module '\(name)' are part of this program; \(product.moduleInstruction)"
        }
        return
            "no module '\(name)' with tasks or plug-ins is part of this program; in Package.swift, "
            + "add \"\(name)\" to the dependencies of this program's target if it is a target of the same package. Otherwise "
            + "add .product(name: \"\(name)\", package: \"…\") with the name of its package, and the package to those of "
            + "yours (a Python package has to be ported to Swift)"
    }

    /// The steps of a cycle, of a long one only the first and the last.
    private static func chain(_ names: [String]) -> String {
        guard names.count > 12 else { return names.joined(separator: " → ") }
        let shown = names.prefix(6) + ["…"] + names.suffix(3)
        return "\(shown.joined(separator: " → ")) (\(names.count - 1) tasks)"
    }

    /// The text between the first and the last double quote.
    private static func quotedText(_ text: String) -> String {
        guard let first = text.firstIndex(of: "\""), let last = text.lastIndex(of: "\""), first < last else {
            return text
        }
        return String(text[text.index(after: first)..<last])
    }

    private static func suggestion(for name: String, among candidates: [String]) -> String {
        name.nearest(among: candidates).map { "; did you mean '\($0)'?" } ?? ""
    }

    package static func choice(of name: String, among known: [String], none: String) -> String {
        choice(of: name.nearest(among: known).map { [$0] } ?? [], among: known, none: none)
    }

    private static func choice(of nearest: [String], among known: [String], none: String) -> String {
        if !nearest.isEmpty {
            return "did you mean \(nearest.map { "'\($0)'" }.joined(separator: " or "))?"
        }
        guard !known.isEmpty else { return none }
        let shown = known.prefix(12).joined(separator: ", ")
        return "expected one of: \(shown)\(known.count > 12 ? ", … (\(known.count) in all)" : "")"
    }
}
