package import FlowmancerCore

extension TaskMetadata {
    package init(_ attempt: WireAttempt) {
        self.init(
            runID: attempt.runID,
            jobName: attempt.jobName,
            name: attempt.taskName,
            variant: attempt.variant,
            dependsOn: attempt.dependsOn,
            attempt: Int(attempt.number),
            isRestart: attempt.isRestart
        )
    }
}

extension WireAttempt {
    /// The id of the run.
    package var runID: RunID {
        get { RunID(high: runHigh, low: runLow) }
        set { (runHigh, runLow) = (newValue.high, newValue.low) }
    }
}

extension WireAttemptEnded {
    package init(_ id: UInt64, _ outcome: AttemptOutcome) {
        self = .with {
            $0.id = id
            switch outcome {
            case .succeeded: $0.outcome = .succeeded
            case .failed: $0.outcome = .failed
            case .aborted: $0.outcome = .aborted
            }
        }
    }
}
