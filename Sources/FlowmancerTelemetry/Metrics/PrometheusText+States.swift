import FlowmancerCore

extension PrometheusText {
    /// The states of tasks under the names that dashboards show.
    static let states: [(state: ExecutionState, name: String)] = [
        (.pending, "pending"), (.running, "running"), (.completed, "completed"), (.failed, "failed"),
        (.defaulted, "defaulted"), (.aborted, "aborted"), (.skipped, "skipped"),
    ]
}
