package import FlowmancerCore

/// A place that sets a value of a job.
package struct ValueOrigin: Sendable {
    package let location: SourceLocation
    /// The files from the job's own to the one with the value, each of which includes the next.
    package let chain: [String]
    /// The text in the file, with its variables; `nil` for a list or a mapping.
    package let written: String?
    /// The value with its variables expanded.
    package let value: ParameterValue
    package let variables: [VariableUse]
}

/// A variable in a value, and what it stands for.
package struct VariableUse: Sendable {
    /// The variable without its default: `$ENV{NAME}`.
    package let name: String
    package let source: Source

    package enum Source: Sendable {
        case value(String)
        case fallback(String)
        /// None: it becomes empty text.
        case nowhere
        /// None, in an expression, where there is no empty text in its place.
        case nothing
        /// The run: it is known there only.
        case run
        /// The job file demands a value, and there is none.
        case refused
    }

    /// A variable in an expression.
    init(_ reference: ExpressionReference, _ lookup: ExpressionLookup) {
        name = reference.label
        source =
            switch (lookup, reference.fallback) {
            case (.value(.string("")), .refusal): .refused
            case (.value(let value), _): .value(value.scalarText ?? "")
            case (_, .text(let text)): .fallback(text)
            case (_, .refusal): .refused
            case (_, .none): .nothing
            }
    }

    init(_ use: VariableExpander.Use) {
        name = use.variable
        source =
            switch use.source {
            case .value(let text): .value(text)
            case .fallback(let text): .fallback(text)
            case .nowhere: .nowhere
            case .run: .run
            case .refused: .refused
            }
    }
}
