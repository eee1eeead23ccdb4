import FlowmancerEngine

extension ConditionForecast.Outcome {
    /// The outcome for programs.
    var name: String {
        switch self {
        case .holds, .wasDecided: "true"
        case .skips: "false"
        case .fails: "error"
        case .open: "unknown"
        }
    }

    /// What is known of the condition, in words.
    var words: String? {
        switch self {
        case .holds: "`when` is true"
        case .wasDecided: "an earlier run decided that `when` is true"
        case .skips: TaskCondition.reasonIfFalse
        case .fails(let reason): reason
        case .open(let variables):
            "if `when` is true, which the run finds out from \(variables.joined(separator: ", "))"
        }
    }
}
