import FlowmancerCore
import OrderedCollections

/// Makes a job of the merged tree of its files, and collects everything that does not fit.
///
/// The path of the value in hand is kept as a stack, and copied only into issues; places are looked up afterwards.
struct JobDecoder {
    var expander: VariableExpander
    var issues: [JobIssue] = []
    /// Reads the files of jobs within the job; `nil` if those are not wanted.
    var files: SubJobFiles?
    /// How many jobs the value in hand is within.
    var depth = 0
    /// Where the jobs within the job stand, by the full names of their tasks.
    var mounts: [String: SubJobMount] = [:]
    /// What each file of those jobs says.
    var subJobLayers: [String: [JobLayer]] = [:]
    private var unsetVariables: [UnsetVariable] = []
    private var steps: [ParameterPath.Component] = []
    /// Whether variables that are known in the run only may stand in the value in hand.
    var takesValuesOfRun = false

    init(expander: VariableExpander, files: SubJobFiles? = nil) {
        self.expander = expander
        self.files = files
    }

    var path: ParameterPath { ParameterPath(steps) }

    mutating func decode(_ root: SourceMapping) -> JobDefinition {
        var job = JobDefinition()
        for (key, entry) in root.entries {
            within(.key(key)) { decoder in
                if let section = JobSection.named(key) {
                    decoder.decode(section, entry.value, into: &job)
                } else {
                    decoder.report(.unknownKey(key, known: JobSection.all.map(\.key)))
                }
            }
        }
        job.unsetVariables = unsetVariables
        return job
    }

    private mutating func decode(_ section: JobSection, _ node: SourceNode, into job: inout JobDefinition) {
        switch section.content {
        case .include, .anchors:
            break
        case .number(let path):
            if let number = convert(node, to: Double.self) { job[keyPath: path] = number }
        case .settings(let keys, let path):
            decode(node, by: keys, into: &job[keyPath: path], expected: "a mapping of settings, such as name")
        case .tasks:
            job.tasks = decodeTasks(node)
        case .plugins(let kind, let path):
            if let plugins = decodePlugins(node, kind) { job[keyPath: path] = plugins }
        case .plugin(let kind, let path):
            if !node.isNull, let plugin = decodePlugin(node, kind) { job[keyPath: path] = plugin }
        }
    }

    /// Runs `body` one step further down the path.
    @discardableResult
    mutating func within<Result>(_ step: ParameterPath.Component, _ body: (inout JobDecoder) -> Result) -> Result {
        steps.append(step)
        defer { steps.removeLast() }
        return body(&self)
    }

    /// Runs `body` at another path.
    mutating func at<Result>(_ path: [ParameterPath.Component], _ body: (inout JobDecoder) -> Result) -> Result {
        let outer = steps
        steps = path
        defer { steps = outer }
        return body(&self)
    }

    mutating func report(_ problem: JobIssue.Problem, severity: JobIssue.Severity = .error) {
        issues.append(JobIssue(problem, at: path, severity: severity))
    }

    /// Returns the mapping that a value has to be, or records that it is none.
    mutating func mapping(_ node: SourceNode, expected: @autoclosure () -> String) -> SourceMapping? {
        if case .mapping(let mapping) = node.content { return mapping }
        report(.wrongValue(expected: expected(), found: node.summary))
        return nil
    }

    /// Converts a value by the lax rules of parameters.
    mutating func convert<Value>(_ node: SourceNode, to type: Value.Type) -> Value? {
        ParameterConversion.convert(value(of: node), to: type, at: path, issues: &issues)
    }

    /// Returns a text, or records that the value is none.
    mutating func text(_ node: SourceNode, expected: @autoclosure () -> String) -> String? {
        switch value(of: node) {
        case .string(let text): return text
        case .int, .double, .bool:
            report(.wrongValue(expected: "\(expected()) in quotes", found: node.summary))
        case .null, .array, .object, .template: report(.wrongValue(expected: expected(), found: node.summary))
        }
        return nil
    }

    /// Returns a value with its variables expanded.
    mutating func value(of node: SourceNode) -> ParameterValue {
        switch node.content {
        case .plain(let text):
            return CoreSchema.resolve(text)
        case .text(let text):
            return .string(text)
        case .template(let text):
            return expand(text)
        case .expression(let source):
            return value(of: SourceNode(source.ordinary, at: node.mark))
        case .value(let value):
            return value
        case .sequence(let items):
            var values: [ParameterValue] = []
            values.reserveCapacity(items.count)
            for (index, item) in items.enumerated() {
                values.append(within(.index(index)) { $0.value(of: item) })
            }
            return .array(values)
        case .mapping(let mapping):
            return .object(values(of: mapping))
        }
    }

    mutating func values(of mapping: SourceMapping) -> OrderedDictionary<String, ParameterValue> {
        let keys = mapping.entries.keys
        var position = 0
        return mapping.entries.mapValues { entry in
            defer { position += 1 }
            return within(.key(keys[position])) { $0.value(of: entry.value) }
        }
    }

    private mutating func expand(_ text: String) -> ParameterValue {
        var findings: [VariableExpander.Finding] = []
        var unset: [(variable: String, nearest: String?)] = []
        var result = expander.expandedValue(of: text, findings: &findings) { use in
            if case .nowhere(let nearest) = use.source { unset.append((use.variable, nearest)) }
        }
        if !takesValuesOfRun, case .template(let template) = result {
            for reference in template.references { report(.variable(.knownInRunOnly(reference.label))) }
            result = .string(text)
        }
        for finding in findings { report(.variable(finding.problem), severity: finding.severity) }
        for (variable, nearest) in unset {
            unsetVariables.append(
                UnsetVariable(variable, nearest: nearest, at: path, text: result.scalarText ?? "")
            )
        }
        return result
    }
}
