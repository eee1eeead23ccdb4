package import FlowmancerCore
import FlowmancerSystem
package import OrderedCollections

extension MetricsExtension: JobCheckingPlugin {
    /// Finds places that no numbers could go to.
    package static func issues(
        with parameters: OrderedDictionary<String, ParameterValue>,
        at path: ParameterPath,
        in job: JobDefinition
    ) -> [JobIssue] {
        var issues: [JobIssue] = []
        if let value = parameters["statsd"], case .string(let text) = value,
            DatagramAddress(text, defaultPort: defaultPort) == nil
        {
            let expected = "host:port with a port from 1 to 65535, or the path of a socket"
            let problem = JobIssue.Problem.wrongValue(expected: expected, found: value.description)
            issues.append(JobIssue(problem, at: path.appending("statsd")))
        }
        for key in ["prometheus_file", "prometheusFile"] {
            guard let value = parameters[key], case .string(let text) = value, text.isEmpty || text.utf8.last == slash
            else { continue }
            let problem = JobIssue.Problem.wrongValue(expected: "the path of a file", found: value.description)
            issues.append(JobIssue(problem, at: path.appending(key)))
        }
        return issues
    }

    /// The port of StatsD daemons.
    static let defaultPort: UInt16 = 8_125

    private static let slash = UInt8(ascii: "/")
}
