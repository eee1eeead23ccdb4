import OrderedCollections

/// Finds everything about a job that would keep it from running, before anything runs.
package struct JobValidator {
    let job: JobDefinition
    let catalog: TypeCatalog
    let taskNames: [String]
    var issues: [JobIssue] = []
    /// The tasks for whose states conditions ask, where these are no direct dependencies.
    var stateQuestions: [StateQuestion] = []
    /// Many tasks are of few types.
    private var probes: [ObjectIdentifier: ParameterProbe] = [:]
    /// Patterns that are known to stand for tasks.
    private var matched: Set<String> = []
    /// The error types of the program, once they were looked for.
    var errorTypes: [String]??

    /// Checks a job against the types that are at hand.
    ///
    /// - Returns: Every error and warning, with its place in the job's files.
    package static func validate(_ job: JobDefinition, catalog: TypeCatalog) -> [JobIssue] {
        var validator = JobValidator(job: job, catalog: catalog)
        validator.checkConfiguration()
        validator.checkTasks()
        validator.checkPlugins()
        validator.checkUnsetVariables()
        for path in JobSecrets(job, catalog: catalog).unmaskable {
            validator.issues.append(JobIssue(.unmaskableSecret, at: path, severity: .warning))
        }
        return validator.issues.map { $0.located(by: job.sourceMap) }
    }

    /// Checks only how the tasks of a job depend on each other, for which no types are needed.
    package static func validateDependencies(_ job: JobDefinition) -> [JobIssue] {
        var validator = JobValidator(job: job, catalog: TypeCatalog())
        if job.tasks.isEmpty { validator.reportNoTasks() }
        for (name, task) in job.tasks { validator.checkDependencies(of: name, task, at: ParameterPath("tasks", name)) }
        validator.checkCycles()
        return validator.issues.map { $0.located(by: job.sourceMap) }
    }

    private init(job: JobDefinition, catalog: TypeCatalog) {
        self.job = job
        self.catalog = catalog
        taskNames = Array(job.tasks.keys)
    }

    private mutating func checkConfiguration() {
        JobConfiguration.keys.check(job.configuration, at: ParameterPath("config"), issues: &issues)
        for (key, limit) in [("timeout", job.configuration.timeout), ("task_timeout", job.configuration.taskTimeout)] {
            guard let template = limit.template else { continue }
            report(.variable(.knownInRunOnly(template.description)), at: ParameterPath("config", key))
        }
        checkModules(job.configuration.extensionPackages)
    }

    private mutating func checkModules(_ names: [String]) {
        guard !names.isEmpty else { return }
        let modules = catalog.modules
        for (index, name) in names.enumerated() {
            // A package or product may have hyphens; the name of a module has none.
            guard !modules.contains(name.replacing("-", with: "_")) else { continue }
            report(.missingModule(name), at: ParameterPath("config", "extension_packages").appending(index))
        }
    }

    private mutating func checkTasks() {
        let root = ParameterPath("tasks")
        if job.tasks.isEmpty { reportNoTasks() }
        for (name, task) in job.tasks {
            let path = { root.appending(name) }
            if let reason = Self.reasonAgainst(taskName: name) {
                report(.unsafeName(name, reason: reason), at: path())
            }
            TaskDefinition.keys.check(task, at: path(), issues: &issues)
            checkDependencies(of: name, task, at: path())
            checkType(of: task, at: path())
            if let condition = task.when { check(condition, of: name, task) }
            if task.hasVariables { checkVariables(of: name, task) }
        }
        checkCycles()
        if job.hasRules { checkRules() }
        checkStateQuestions()
    }

    private mutating func reportNoTasks() {
        report(.missingKey("tasks", expected: "at least one task"), at: ParameterPath())
    }

    private mutating func checkCycles() {
        // A task that depends on itself is reported as such.
        for cycle in TaskGraph(job).withoutLoops.findCycles() {
            let names = cycle.map { job.tasks.elements[$0].key }
            let path = placeOfDependency(of: cycle[0], on: Set(cycle))
            report(.dependencyCycle(names), at: path)
        }
    }

    /// The place by which a task depends on one of others.
    private func placeOfDependency(of number: Int, on others: Set<Int>) -> ParameterPath {
        let (name, task) = job.tasks.elements[number]
        let path = ParameterPath("tasks", name)
        let isNamed = task.dependencies.contains { job.tasks.index(forKey: $0).map(others.contains) ?? false }
        let variable = task.variables(at: path).first { variable in
            job.source(of: variable.reference, in: task).map { $0 != number && others.contains($0) } ?? false
        }
        return isNamed ? path.appending("dependencies") : variable?.path ?? path.appending("dependencies")
    }

    private mutating func checkDependencies(
        of name: String,
        _ task: TaskDefinition,
        at path: @autoclosure () -> ParameterPath
    ) {
        for (index, dependency) in task.dependencies.enumerated() {
            if dependency == name {
                report(.selfDependency, at: path().appending("dependencies").appending(index))
            } else if !job.tasks.keys.contains(dependency), let problem = problem(ofUnknown: dependency) {
                report(problem, at: path().appending("dependencies").appending(index))
            }
        }
    }

    /// What is wrong with a dependency that no task is named; `nil` if it is a pattern that stands for tasks.
    private mutating func problem(ofUnknown dependency: String) -> JobIssue.Problem? {
        guard NamePattern.isPattern(dependency) else { return .unknownTask(dependency, known: taskNames) }
        // A job may consist of the task that waits for all others.
        guard dependency != NamePattern.all, !matched.contains(dependency) else { return nil }
        let pattern = GlobPattern.wildcards(dependency)
        guard taskNames.contains(where: pattern.matches) else {
            return .unmatchedPattern(dependency, nearest: pattern.nearest(among: taskNames), known: taskNames)
        }
        matched.insert(dependency)
        return nil
    }

    private mutating func checkType(of task: TaskDefinition, at path: @autoclosure () -> ParameterPath) {
        switch catalog.kind(of: task) {
        case .success(let kind):
            if let causes = task.retryOn { checkErrorTypes(causes, of: kind, at: path().appending("retry_on")) }
            let first = issues.count
            check(task.parameters, of: kind.parameters, at: path())
            for index in first..<issues.count { issues[index].explainTaskKey(below: path()) }
        case .failure(let failure):
            report(failure.problem, at: path().appending("task"))
        }
    }

    private mutating func checkPlugins() {
        for (kind, path, plugin) in job.plugins { check(plugin, kind, at: path) }
    }

    private mutating func check(_ plugin: PluginDefinition, _ kind: JobIssue.NamedKind, at path: ParameterPath) {
        switch catalog.parameters(ofType: plugin.variant, kind) {
        case .success(let parameters):
            check(plugin.parameters, of: parameters, at: path)
            issues += ParameterValue.object(plugin.parameters).issuesOfVariables(at: path.appending("parameters"))
            if let checking = parameters.type as? any JobCheckingPlugin.Type {
                issues += checking.issues(with: plugin.parameters, at: path.appending("parameters"), in: job)
            }
        case .failure(let failure):
            report(failure.problem, at: path.appending(kind.rawValue))
        }
    }

    private mutating func check(
        _ values: OrderedDictionary<String, ParameterValue>,
        of parameters: KindParameters,
        at path: @autoclosure () -> ParameterPath
    ) {
        let probe = probes[ObjectIdentifier(parameters)] ?? ParameterProbe(parameters)
        probes[ObjectIdentifier(parameters)] = probe
        probe.check(values, at: path().appending("parameters"), issues: &issues)
    }

    mutating func report(_ problem: JobIssue.Problem, at path: @autoclosure () -> ParameterPath) {
        issues.append(JobIssue(problem, at: path()))
    }

    private static func reasonAgainst(taskName name: String) -> String? {
        if name.isEmpty { return "a task needs a name" }
        // Nearly all names have nothing of what is looked for here.
        guard name.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f || "/.".utf8.contains($0) }) else { return nil }
        if name.hasPrefix("/") { return "it is an absolute path, and logs are kept under the task's name" }
        if name.split(separator: "/").contains("..") { return "'..' would leave the directory of the logs" }
        if name.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }) {
            return "it has control characters"
        }
        return nil
    }
}

extension JobIssue {
    /// Says where a key belongs that is one of the task's own, but stands among its parameters.
    fileprivate mutating func explainTaskKey(below task: ParameterPath) {
        guard case .unknownKey(let key, _) = problem, TaskDefinition.keys.spellings.contains(key),
            path == task.appending("parameters").appending(key)
        else { return }
        problem = .taskKeyAmongParameters(key)
    }
}
