import FlowmancerCore
import FlowmancerSystem
import SystemPackage

/// Reads a job's file and everything that it includes, and merges them.
struct JobFileLoader {
    let context: JobLoadingContext
    let expander: VariableExpander
    private var fileNames: [String] = []
    private var merged: SourceNode?
    private var issues: [JobIssue] = []
    /// Whether every file could be used.
    private var isComplete = true
    /// The names of the variables that the files mention, as far as `--var` sets them.
    private var mentioned: Set<String> = []
    /// The files that are read already.
    private var finished: Set<FileIdentity> = []
    /// The files that cannot be opened.
    private var failed: Set<FilePath> = []
    /// The files from the job's own to the one that is being read.
    private var chain: [(identity: FileIdentity, name: String)] = []
    /// What each file says by itself, in the order in which they are merged; `nil` if nobody asks for it.
    private var layers: [JobLayer]?

    /// The file of the whole job, once it is open.
    private var jobFile: (identity: FileIdentity, name: String, syntax: SourceSyntax)?
    /// The jobs within the job, and what their files say.
    private var mounts: [String: SubJobMount] = [:]
    private var subJobLayers: [String: [JobLayer]] = [:]

    /// Why an included file is read.
    struct IncludeEntry {
        let location: SourceLocation
        let path: ParameterPath
    }

    /// Reads a job as far as it can be understood.
    ///
    /// - Returns: The job, and everything that is wrong or doubtful in its files, in the order of files and lines.
    static func load(_ path: String, syntax: SourceSyntax, context: JobLoadingContext) -> PartialJob {
        var loader = JobFileLoader(context: context)
        loader.readJob(path, syntax: syntax)
        return loader.finish()
    }

    /// Reads a job like ``load(_:syntax:context:)``, and keeps what each of its files says.
    static func loadHistory(_ path: String, syntax: SourceSyntax, context: JobLoadingContext) -> JobHistory {
        var loader = JobFileLoader(context: context)
        loader.layers = []
        loader.readJob(path, syntax: syntax)
        let job = loader.finish()
        let history = JobHistory(
            job: job,
            root: loader.merged,
            layers: loader.layers ?? [],
            files: loader.fileNames,
            expander: loader.expander
        )
        return history.adding(loader.mounts, loader.subJobLayers)
    }

    private init(context: JobLoadingContext) {
        self.context = context
        expander = VariableExpander(context: context)
    }

    /// Prepares for the file of a job within the job.
    ///
    /// - Parameters:
    ///   - scope: The variables that it sees.
    ///   - fileNames: The names of the files that were met before.
    init(context: JobLoadingContext, scope: VariableScope, fileNames: [String], keepsLayers: Bool) {
        self.context = context
        self.fileNames = fileNames
        expander = VariableExpander(context: context, scope: scope)
        layers = keepsLayers ? [] : nil
    }

    /// What was read of a job within the job.
    struct SubJobReading {
        let root: SourceNode?
        let mentioned: Set<String>
        let layers: [JobLayer]
        let issues: [JobIssue]
        let isComplete: Bool
    }

    /// The names of the files that were met.
    var namesOfFiles: [String] { fileNames }

    /// Reads the file of a job within the job, and what it includes.
    mutating func readSubJob(_ opened: OpenFile, _ name: String, syntax: SourceSyntax) -> SubJobReading {
        read(opened, name, syntax: syntax, entry: nil)
        return SubJobReading(
            root: merged,
            mentioned: mentioned,
            layers: layers ?? [],
            issues: issues,
            isComplete: isComplete
        )
    }

    private mutating func finish() -> PartialJob {
        var job = JobDefinition()
        if let merged, case .mapping(let root) = merged.content {
            let files = SubJobFiles(
                context: context,
                syntax: jobFile?.syntax ?? .yaml,
                fileNames: fileNames,
                jobFile: (jobFile?.identity, jobFile?.name ?? ""),
                keepsLayers: layers != nil
            )
            var decoder = JobDecoder(expander: expander, files: files)
            job = decoder.decode(root)
            if let files = decoder.files {
                fileNames = files.fileNames
                issues += files.issues
                isComplete = isComplete && files.isComplete
            }
            mounts = decoder.mounts
            subJobLayers = decoder.subJobLayers
            let map = JobSourceMap(root: merged, files: fileNames, mounts: decoder.mounts)
            job.sourceMap = map
            // What is missing may stand in a file that could not be used.
            let found = isComplete ? decoder.issues : decoder.issues.filter { !$0.isAboutAbsence }
            issues += found.map { $0.located(by: map) }
        }
        if isComplete { warnOfUnusedVariables() }
        return PartialJob(definition: job, issues: issues, files: fileNames, isComplete: isComplete)
    }

    private mutating func warnOfUnusedVariables() {
        let used = mentioned.sorted()
        for name in context.variables.keys.sorted() where !mentioned.contains(name) {
            let problem = VariableProblem.unused(
                name,
                nearest: name.nearest(among: used).map { VariableKind.variable.reference(to: $0) },
                used: used.map { VariableKind.variable.reference(to: $0) }
            )
            report(.variable(problem), at: nil, severity: .warning)
        }
    }

    private mutating func readJob(_ path: String, syntax: SourceSyntax) {
        if path == StandardInput.argument {
            readStandardInput(syntax)
        } else {
            read(path, at: FilePath(path).lexicallyNormalized(), syntax: syntax, entry: nil)
        }
    }

    private mutating func readStandardInput(_ syntax: SourceSyntax) {
        do {
            read(try OpenFile(standardInput: ()), StandardInput.name, syntax: syntax, entry: nil)
        } catch {
            reportUnreadable(StandardInput.name, error, entry: nil)
        }
    }

    /// Reads a file and merges it, after the files that it includes.
    mutating func read(_ name: String, at path: FilePath, syntax: SourceSyntax, entry: IncludeEntry?) {
        if let opened = open(name, at: path, entry: entry) { read(opened, name, syntax: syntax, entry: entry) }
    }

    private mutating func read(_ opened: OpenFile, _ name: String, syntax: SourceSyntax, entry: IncludeEntry?) {
        if let start = chain.firstIndex(where: { $0.identity == opened.identity }) {
            let names = chain[start...].map(\.name) + [name]
            report(.includeCycle(names), entry: entry)
            return opened.close()
        }
        guard !finished.contains(opened.identity) else { return opened.close() }
        if jobFile == nil { jobFile = (opened.identity, name, syntax) }
        guard chain.count < SourceSyntax.maximumDepth else {
            report(.limitExceeded("includes are nested more than \(chain.count) levels deep"), entry: entry)
            return opened.close()
        }
        finished.insert(opened.identity)
        guard let bytes = contents(of: opened, name, entry: entry) else { return }
        let file = SourceFile(name: name, number: Int32(clamping: fileNames.count), bytes: bytes)
        fileNames.append(name)
        let parsed = syntax.parse(file, expander: expander)
        issues += parsed.issues
        mentioned.formUnion(parsed.mentioned.filter { !$0.isEmpty })
        if parsed.root == nil || !parsed.issues.allSatisfy(\.leavesTheFileWhole) { isComplete = false }
        chain.append((opened.identity, name))
        if var root = rootMapping(of: parsed, in: file) {
            readIncludes(root, of: file, syntax: syntax)
            root.entries["include"] = nil
            KeyAliases.normalize(&root, in: file, issues: &issues)
            layers?.append(JobLayer(root: root, chain: chain.map(\.name)))
            merge(root, at: parsed.root?.mark ?? file.mark(line: 1, column: 1))
        }
        chain.removeLast()
    }

    /// Lays a file over those that were read before.
    private mutating func merge(_ root: SourceMapping, at mark: SourceMark) {
        guard case .mapping(var earlier)? = merged?.content else {
            merged = SourceNode(.mapping(root), at: mark)
            return
        }
        // So that it is changed in place.
        merged = nil
        var root = root
        earlier.removeTasks(leftOutBy: &root)
        earlier.merge(root)
        merged = SourceNode(.mapping(earlier), at: mark)
    }

    /// Opens a file. The job's own may be a pipe, since whoever started the program chose it there and then.
    private mutating func open(_ name: String, at path: FilePath, entry: IncludeEntry?) -> OpenFile? {
        guard !failed.contains(path) else { return nil }
        do {
            return try OpenFile(path, kind: entry == nil ? .any : .regular)
        } catch let error as Errno {
            reportUnreadable(name, error, entry: entry)
        } catch {
            let reason = "it is a pipe, a socket or a device; include a regular file"
            report(.unreadableFile(name, reason: reason), entry: entry)
        }
        failed.insert(path)
        return nil
    }

    private mutating func contents(of file: OpenFile, _ name: String, entry: IncludeEntry?) -> [UInt8]? {
        do {
            return try file.read()
        } catch let error as Errno {
            reportUnreadable(name, error, entry: entry)
        } catch {
            report(.limitExceeded("the file has more than \(OpenFile.maximumSize >> 20) MiB"), entry: entry)
        }
        return nil
    }

    private mutating func reportUnreadable(_ name: String, _ error: Errno, entry: IncludeEntry?) {
        let hint = entry == nil ? "" : "; paths in 'include' start from the app root, \(context.appRoot)"
        report(.unreadableFile(name, reason: "\(error)\(hint)"), entry: entry)
    }

    private mutating func rootMapping(of parsed: ParsedSource, in file: SourceFile) -> SourceMapping? {
        if case .mapping(let mapping)? = parsed.root?.content { return mapping }
        let expected = "a mapping with 'tasks' in it"
        if let root = parsed.root, !root.isNull {
            report(.wrongValue(expected: expected, found: root.summary), at: file.location(of: root.mark))
        } else if parsed.root != nil || parsed.issues.allSatisfy({ $0.severity == .warning }) {
            let place = file.location(of: parsed.root?.mark ?? file.mark(line: 1, column: 1))
            report(.syntax("the file is empty; expected \(expected)"), at: place)
        }
        return nil
    }

    mutating func report(_ problem: JobIssue.Problem, entry: IncludeEntry?) {
        report(problem, at: entry?.location, path: entry?.path ?? ParameterPath())
    }

    mutating func report(
        _ problem: JobIssue.Problem,
        at location: SourceLocation?,
        path: ParameterPath = ParameterPath(),
        severity: JobIssue.Severity = .error
    ) {
        // Every error that is met here keeps a file, or a part of it, from being used.
        if severity == .error { isComplete = false }
        issues.append(JobIssue(problem, at: path, location: location, severity: severity))
    }
}
