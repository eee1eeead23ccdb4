import FlowmancerCore
import OrderedCollections
@_exported public import TestSupport

/// Makes a plug-in as a job file would configure it.
func configured<Plugin: ParameterGroup>(
    _ type: Plugin.Type,
    _ parameters: OrderedDictionary<String, ParameterValue>
) throws -> Plugin {
    var issues: [JobIssue] = []
    let plugin = ParameterBinder.make(type, from: parameters, at: ParameterPath(), issues: &issues)
    guard issues.isEmpty else { throw SetupError(text: "\(issues)") }
    return plugin
}
