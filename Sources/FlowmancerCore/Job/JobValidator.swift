import OrderedCollections

/// Finds everything about a job that would keep it from running, before anything runs.
package struct JobValidator {
    let job: JobDefinition
    let catalog: TypeCatalog
    let scopes: JobScopes
    var issues: [JobIssue] = []
    /// The tasks for whose states conditions ask, where these are no direct dependencies.
    var stateQuestions: [StateQuestion] = []
    /// Many tasks are of few types.
    private var probes: [ObjectIdentifier: ParameterProbe] = [:]
    /// The names of tasks that look like those of items, once they were looked for.
    var itemNames: [String: [String]]?
    /// Which items there are that names stand for.
    private var items = ItemCheck()
    /// Patterns that are known to stand for tasks.
    private var matched: Set<ScopedPattern> = []
    /// The error types of the program, once they were looked for.
    var errorTypes: [String]??
    /// What nodes of executors have, as far as that is known, once it was asked for.
    var capacities: [String: NodeCapacity?] = [:]
    /// Returns what the machine has; `nil` if nobody knows that.
    let host: (() -> HostResources)?
    /// What the machine has, once it was looked at.
    var knownHost: HostResources?

    /// Checks a job against the types that are at hand.
    ///
    /// - Parameter host: Returns what the machine has that will run the job. It is only asked about what tasks need of it.
    /// - Returns: Every error and warning, with its place in the job's files.
    package static func validate(
        _ job: JobDefinition,
        catalog: TypeCatalog,
        host: (() -> HostResources)? = nil
    ) -> [JobIssue] {
        var validator = JobValidator(job: job, catalog: catalog, host: host)
        validator.checkConfiguration()
        validator.checkTasks()
        validator.checkPlugins()
        validator.checkUnsetVariables()
        let secrets = JobSecrets(job, catalog: catalog)
        validator.checkItems(showing: secrets.texts)
        for path in secrets.unmaskable {
            validator.issues.append(JobIssue(.unmaskableSecret, at: path, severity: .warning))
        }
        return validator.issues.map { $0.located(by: job.sourceMap) }
    }

    /// Checks only how the tasks of a job depend on each other, for which no types are needed.
    package static func validateDependencies(_ job: JobDefinition) -> [JobIssue] {
        var validator = JobValidator(job: job, catalog: TypeCatalog())
        if job.tasks.isEmpty { validator.reportNoTasks() }
        for (number, (name, task)) in job.tasks.enumerated() {
            validator.checkDependencies(of: number, name, task, at: ParameterPath("tasks", name))
        }
        validator.checkCycles()
        return validator.issues.map { $0.located(by: job.sourceMap) }
    }

    private init(job: JobDefinition, catalog: TypeCatalog, host: (() -> HostResources)? = nil) {
        self.job = job
        self.catalog = catalog
        scopes = JobScopes(job)
        self.host = host
    }

    private mutating func checkConfiguration() {
        JobConfiguration.keys.check(job.configuration, at: ParameterPath("config"), issues: &issues)
        for (key, limit) in [("timeout", job.configuration.timeout), ("task_timeout", job.configuration.taskTimeout)] {
            guard let template = limit.template else { continue }
            report(.variable(.knownInRunOnly(template.description)), at: ParameterPath("config", key))
        }
        checkModules(job.configuration.extensionPackages)
        checkSupplies()
        checkExecutors()
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
        if job.tasks.isEmpty { reportNoTasks() }
        let (names, tasks) = (job.tasks.keys, job.tasks.values)
        tasks.withUnsafeBufferPointer { tasks in
            for number in tasks.indices { check(tasks[number], number, names[number]) }
        }
        checkCycles()
        if job.hasRules { checkRules() }
        checkStateQuestions()
        checkReuse()
    }

    private mutating func check(_ task: TaskDefinition, _ number: Int, _ name: String) {
        let path = { ParameterPath("tasks", name) }
        let ownName = task.parent == nil ? name : scopes.ownName(of: number)
        if let reason = Self.reasonAgainst(taskName: ownName) {
            report(.unsafeName(ownName, reason: reason), at: path())
        }
        TaskDefinition.keys.check(task, at: path(), issues: &issues)
        checkDependencies(of: number, name, task, at: path())
        checkType(of: task, at: path())
        if task.hasVariables { checkVariables(of: number, name, task) }
        guard task.hasRareSettings else { return }
        if let parent = task.parent { checkParent(parent, of: name, at: path()) }
        if task.subJob != nil { checkSubJob(number, task, at: path()) }
        if let forEach = task.forEach { check(forEach, of: name, at: path().appending("for_each")) }
        if let condition = task.when { check(condition, of: number, name, task) }
        if let executor = task.executor { checkExecutor(executor, at: path().appending("executor")) }
        if !task.resources.isEmpty { checkResources(of: task, at: path().appending("resources")) }
    }

    private mutating func reportNoTasks() {
        report(.missingKey("tasks", expected: "at least one task"), at: ParameterPath())
    }

    private mutating func checkCycles() {
        // A task that depends on itself is reported as such.
        for cycle in TaskGraph(job).withoutLoops.findCycles() {
            let names = cycle.map { job.tasks.elements[$0].key }
            let path = placeOfDependency(of: cycle)
            report(.dependencyCycle(names), at: path)
        }
    }

    /// The place by which one task of a cycle depends on another of it.
    private func placeOfDependency(of cycle: [Int]) -> ParameterPath {
        // A task of a sub-job may only wait for that to begin.
        for number in cycle {
            let (name, task) = job.tasks.elements[number]
            let path = ParameterPath("tasks", name)
            func isMeant(_ other: Int?) -> Bool { other.map { $0 != number && cycle.contains($0) } ?? false }
            if task.dependencies.contains(where: { isMeant(scopes.place(named: $0, from: number)?.task) }) {
                return path.appending("dependencies")
            }
            let variable = task.variables(at: path).first {
                isMeant(scopes.source(of: $0.reference, from: number)?.place.task)
            }
            if let variable { return variable.path }
        }
        return ParameterPath("tasks", job.tasks.keys[cycle[0]], "dependencies")
    }

    private mutating func checkDependencies(
        of number: Int,
        _ name: String,
        _ task: TaskDefinition,
        at path: @autoclosure () -> ParameterPath
    ) {
        for (index, dependency) in task.dependencies.enumerated() {
            if let found = scopes.definition(named: dependency, from: number) {
                guard found == number else { continue }
                report(.selfDependency, at: path().appending("dependencies").appending(index))
            } else if let problem = problem(ofUnknown: dependency, in: number) {
                report(problem, at: path().appending("dependencies").appending(index))
            }
        }
    }

    /// A pattern in one of the jobs.
    private struct ScopedPattern: Hashable {
        let pattern: String
        /// The sub-job; `nil` for the job itself.
        let container: Int?
    }

    /// What is wrong with a dependency that no task is named; `nil` if it is an item of a group, or a pattern that stands for
    /// tasks.
    private mutating func problem(ofUnknown dependency: String, in task: Int) -> JobIssue.Problem? {
        if let place = scopes.place(named: dependency, from: task) {
            return problem(with: place, from: task).map { .item($0, offset: nil) }
        }
        if let problem = scopes.problem(ofPlain: dependency, from: task) { return .item(problem, offset: nil) }
        guard NamePattern.isPattern(dependency) else {
            if let subJob = scopes.subJob(hiding: dependency, from: task) {
                return .taskOutsideSubJob(dependency, subJob: subJob)
            }
            return .unknownTask(dependency, known: scopes.knownNames(from: task))
        }
        // A job may consist of the task that waits for all others.
        let scoped = ScopedPattern(pattern: dependency, container: scopes.containers[task])
        guard dependency != NamePattern.all, !matched.contains(scoped) else { return nil }
        let pattern = GlobPattern.wildcards(dependency)
        let names = scopes.siblings(of: task).map { scopes.ownName(of: $0) }
        guard names.contains(where: pattern.matches) else {
            return .unmatchedPattern(dependency, nearest: pattern.nearest(among: names), known: names)
        }
        matched.insert(scoped)
        return nil
    }

    /// What is wrong with the items that a name stands for; `nil` if nothing is.
    mutating func problem(with place: TaskPlace, from task: Int) -> ItemProblem? {
        place.isOfItem ? items.problem(with: place, in: scopes.containers[task], job, scopes) : nil
    }

    private mutating func checkType(of task: TaskDefinition, at path: @autoclosure () -> ParameterPath) {
        guard task.subJob == nil else { return }
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
