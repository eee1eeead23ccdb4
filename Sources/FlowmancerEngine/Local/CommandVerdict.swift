import FlowmancerCore
import FlowmancerSystem

/// What the end of a command means for its attempt, as its task says. A pure value.
struct CommandVerdict {
    /// What the log of the attempt has to say about it.
    struct Line: Equatable {
        let severity: Severity
        let text: String
        var isRemark = false
    }

    private(set) var outcome = AttemptOutcome.succeeded
    /// What the command published: a JSON object.
    private(set) var outputs: JSONText?
    private(set) var lines: [Line] = []
    /// What is to be stored in the shared dictionary.
    private(set) var shared: SharedDictOperation?

    /// The attempt succeeded, and that is all.
    init() {}

    /// - Parameter published: What the command published. It counts if the command succeeded; if it cannot be read then, the
    ///   attempt has failed.
    init(on end: CommandOutcome, _ published: CommandReport.Outputs, of task: any CommandWork) {
        do {
            let success = try task.judge(end)
            if let warning = success.warning { lines.append(Line(severity: .warning, text: warning)) }
            if let value = success.shared {
                shared = .set(key: value.key, value: try SharedDict.encode(value.text, for: value.key))
            }
        } catch {
            fail(error, in: .run, as: FailureKind(error))
            return
        }
        do throws(OutputError) {
            outputs = try published.json
        } catch {
            fail(error, in: .publishing, as: .error)
        }
    }

    private mutating func fail(_ error: any Error, in step: TaskLifecycle.Step, as failure: FailureKind) {
        lines.append(Line(severity: .error, text: TaskLifecycle.remark(on: error, in: step), isRemark: true))
        outcome = .failed(failure)
    }
}

extension CommandReport.Outputs {
    /// What was published: a JSON object; `nil` if that is nothing.
    fileprivate var json: JSONText? {
        get throws(OutputError) {
            switch self {
            case .bytes(let bytes) where bytes.isEmpty: return nil
            case .bytes(let bytes):
                let outputs = try TaskOutputs(fileOf: bytes)
                return outputs.isEmpty ? nil : try outputs.boundedJSON
            case .tooLarge(let size): throw OutputError.tooLarge(size)
            }
        }
    }
}
