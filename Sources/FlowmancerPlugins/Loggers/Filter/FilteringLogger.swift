package import FlowmancerCore
package import OrderedCollections

/// A logger that chooses tasks by the patterns in its parameters `include` and `exclude`.
package protocol FilteringLogger: FlowLogger, JobCheckingPlugin {}

extension FilteringLogger {
    /// Warns of patterns that no task matches: one with a typing error would silence a logger, or have it write too much.
    package static func issues(
        with parameters: OrderedDictionary<String, ParameterValue>,
        at path: ParameterPath,
        in job: JobDefinition
    ) -> [JobIssue] {
        let names = Array(job.tasks.keys)
        guard !names.isEmpty else { return [] }
        return ["include", "exclude"].flatMap { key in
            patterns(parameters[key], at: path.appending(key)).compactMap { text, place in
                let pattern = GlobPattern(text)
                guard !names.contains(where: pattern.matches) else { return nil }
                let problem = JobIssue.Problem.unmatchedPattern(
                    text,
                    nearest: pattern.nearest(among: names),
                    known: names
                )
                return JobIssue(problem, at: place, severity: .warning)
            }
        }
    }

    private static func patterns(
        _ value: ParameterValue?,
        at path: ParameterPath
    ) -> [(text: String, place: ParameterPath)] {
        switch value {
        case .string(let text):
            [(text, path)]
        case .array(let items):
            items.enumerated().compactMap { index, item in
                if case .string(let text) = item { (text, path.appending(index)) } else { nil }
            }
        default:
            []
        }
    }
}
