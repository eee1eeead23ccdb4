package import FlowmancerCore
import FlowmancerHTTP
package import OrderedCollections

extension TracingExtension: JobCheckingPlugin {
    /// Finds headers that no request could have.
    package static func issues(
        with parameters: OrderedDictionary<String, ParameterValue>,
        at path: ParameterPath,
        in job: JobDefinition
    ) -> [JobIssue] {
        HTTPHeaderCheck.issues(with: parameters, at: path)
    }
}
