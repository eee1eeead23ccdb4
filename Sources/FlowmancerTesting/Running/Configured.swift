public import Flowmancer
import FlowmancerCore
public import OrderedCollections

/// Makes an instance of a task, logger, extension, checkpointer or history as a job file would configure it.
///
/// ```swift
/// let logger = try configured(MyLogger.self, ["path": "/tmp/log", "level": "WARNING"])
/// ```
///
/// - Parameters:
///   - type: The type to make an instance of.
///   - parameters: The values of its `@Parameter`s, by their names in either spelling.
/// - Throws: `InvalidJobError` with everything that does not fit.
public func configured<Configurable: ParameterGroup>(
    _ type: Configurable.Type,
    _ parameters: OrderedDictionary<String, ParameterValue> = [:]
) throws -> Configurable {
    var issues: [JobIssue] = []
    let instance = ParameterBinder.make(type, from: parameters, at: ParameterPath("parameters"), issues: &issues)
    issues += ParameterValue.object(parameters).issuesOfVariables(at: ParameterPath("parameters"))
    guard issues.isEmpty else { throw InvalidJobError(issues: issues) }
    return instance
}
