package import FlowmancerCore
import FlowmancerHTTP
package import OrderedCollections

extension WebhookNotification: JobCheckingPlugin {
    /// Finds invalid headers.
    package static func issues(
        with parameters: OrderedDictionary<String, ParameterValue>,
        at path: ParameterPath,
        in job: JobDefinition
    ) -> [JobIssue] {
        HTTPHeaderCheck.issues(
            with: parameters,
            at: path,
            values: ["authorization", "content_type", "contentType"]
        )
    }
}
