package import OrderedCollections

/// A type of tasks of which some cannot be reused.
package protocol ReuseCheckingTask: FlowTask {
    /// Returns the parameter because of which a task cannot be reused, and why; `nil` if it can.
    static func obstacleToReuse(
        in parameters: OrderedDictionary<String, ParameterValue>
    ) -> (key: String, reason: String)?
}
