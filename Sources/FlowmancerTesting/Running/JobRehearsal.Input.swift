import FlowmancerCore

extension JobRehearsal {
    /// What happens to a run, in the order of its arrival.
    enum Input: Sendable {
        case log(task: Int, attempt: Int, LogLine)
        case remark(task: Int, attempt: Int, String)
        case failure(LifecycleFailure)
        /// An attempt published values, which count if it completes its task.
        case outputs(task: Int, JSONText)
        case ended(task: Int, activity: Int, AttemptOutcome)
        case elapsed(activity: Int, SchedulerTimer)
        /// Somebody went to sleep on the clock.
        case asleep
        case abort
    }
}
