package import FlowmancerCore

extension TaskMetadata {
    package init(_ attempt: WireAttempt, of run: WireRun) {
        self.init(
            runID: run.id,
            jobName: run.jobName,
            name: attempt.taskName,
            variant: attempt.variant,
            dependsOn: attempt.dependsOn,
            attempt: Int(attempt.number),
            isRestart: attempt.isRestart
        )
    }
}

extension WireRun {
    package var id: RunID {
        get { RunID(high: idHigh, low: idLow) }
        set { (idHigh, idLow) = (newValue.high, newValue.low) }
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
