import CFlowmancerCommand
package import FlowmancerCore

/// What a shim reports of a command.
package struct CommandReport: Sendable {
    package let attempt: UInt64
    private let end: End
    /// Whether it heard that it is to end before it had ended.
    package let wasToldToEnd: Bool
    /// Whether processes are left that it started.
    package let hasLeftovers: Bool
    /// What it published.
    package let outputs: Outputs

    package enum Outputs: Sendable, Hashable {
        /// Nothing, if there are none.
        case bytes([UInt8])
        /// More than a report can have.
        case tooLarge(Int)
    }
    /// Whether the shim held it, gave it back, and will not begin it.
    package let wasReturned: Bool

    private enum End {
        case notStarted(CommandFailure)
        case ended(status: Int32)
    }

    /// What became of the command.
    ///
    /// - Parameter output: What it printed, if that was asked for and kept within its limit.
    package func outcome(printed output: String? = nil) -> CommandOutcome {
        switch end {
        case .notStarted(let failure): .notStarted(failure)
        case .ended(let status): .ended(status: status, output: output)
        }
    }

    /// A report that no shim sends.
    package struct ImpossibleSize: Error {}

    /// Takes the first report out of what arrived.
    ///
    /// - Parameter limit: The most bytes that a report may have.
    /// - Returns: `nil` if it has not arrived completely.
    package init?(takenFrom bytes: inout [UInt8], atMost limit: Int) throws(ImpossibleSize) {
        let size = MemoryLayout<flowmancer_command_report>.size
        guard bytes.count >= size else { return nil }
        let report = bytes.withUnsafeBytes { $0.loadUnaligned(as: flowmancer_command_report.self) }
        guard (size...limit).contains(Int(report.size)) else { throw ImpossibleSize() }
        guard bytes.count >= report.size else { return nil }
        let isComplete = report.outputs <= UInt64(FLOWMANCER_MAXIMUM_OUTPUTS)
        let outputCount = isComplete ? Int(report.outputs) : 0
        guard size + outputCount <= Int(report.size) else { throw ImpossibleSize() }
        let textsEnd = Int(report.size) - outputCount
        outputs =
            isComplete
            ? .bytes(Array(bytes[textsEnd..<Int(report.size)])) : .tooLarge(Int(clamping: report.outputs))
        attempt = report.attempt
        wasToldToEnd = report.was_told_to_end
        hasLeftovers = report.has_leftovers
        wasReturned = report.was_returned
        if report.problem == FLOWMANCER_COMMAND_STARTED.rawValue {
            end = .ended(status: report.status)
        } else {
            let texts = bytes[size..<textsEnd].split(separator: 0, omittingEmptySubsequences: false)
            end = .notStarted(
                CommandFailure(
                    .init(flowmancer_command_problem(report.problem)),
                    reason: report.status,
                    subject: texts.first.map { String(systemBytes: $0) } ?? "",
                    detail: texts.dropFirst().first.map { String(systemBytes: $0) } ?? ""
                )
            )
        }
        bytes.removeFirst(Int(report.size))
    }
}

extension CommandFailure.Problem {
    init(_ problem: flowmancer_command_problem) {
        self =
            switch problem {
            case FLOWMANCER_COMMAND_NOT_FOUND: .notFound
            case FLOWMANCER_COMMAND_NOT_EXECUTABLE: .notExecutable
            case FLOWMANCER_COMMAND_IS_DIRECTORY: .isDirectory
            case FLOWMANCER_COMMAND_MISSING: .missing
            case FLOWMANCER_COMMAND_MISSING_INTERPRETER: .missingInterpreter
            case FLOWMANCER_COMMAND_MISSING_DIRECTORY: .missingDirectory
            case FLOWMANCER_COMMAND_NO_STREAM: .noStream
            default: .refused
            }
    }
}
