package import FlowmancerCore
import FoundationEssentials

extension TaskMetadata {
    package init(_ attempt: WireAttempt, of run: WireRun) {
        self.init(
            runID: run.id,
            jobName: run.jobName,
            name: attempt.taskName,
            variant: attempt.variant,
            dependsOn: attempt.dependsOn,
            dependencies: attempt.hasExtras ? attempt.extras.dependencies.compactMap(EndedDependency.init) : [],
            resources: attempt.hasExtras ? [String: [String]](attempt.extras.resources) : [:],
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
    /// - Parameter outputs: What the task published; it counts only if the attempt succeeded.
    package init(_ id: UInt64, _ outcome: AttemptOutcome, outputs: JSONText? = nil) {
        self = .with {
            $0.id = id
            if let outputs { $0.outputs = Data(outputs.rawValue.utf8) }
            switch outcome {
            case .succeeded: $0.outcome = .succeeded
            case .failed(let failure):
                $0.outcome = .failed
                if case .thrown(let error) = failure {
                    $0.errorType = error.typeName
                    $0.isPermanent = error.isPermanent
                }
            case .aborted: $0.outcome = .aborted
            }
        }
    }
}

extension AttemptOutcome {
    package init(_ ended: WireAttemptEnded) {
        switch ended.outcome {
        case .succeeded: self = .succeeded
        case .aborted: self = .aborted
        case .failed, .unspecified, .UNRECOGNIZED:
            let isThrown = ended.isPermanent || !ended.errorType.isEmpty
            let error = ThrownError(typeName: ended.errorType, isPermanent: ended.isPermanent)
            self = .failed(isThrown ? .thrown(error) : .error)
        }
    }
}
