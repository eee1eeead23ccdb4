/// A value of a job that is known in the run only: text with variables such as `$OUT{list.rows}`, or one variable alone.
///
/// ```swift
/// job.tasks["load"]?.parameters["note"] = .template("loaded: $ITEM{code} of $OUT{list.count}")
/// ```
/// `$OUT{task.name}` is what a task published, and makes it a dependency. `$DICT{key}` is a value of the shared dictionary
/// when the task starts. `$ITEM` and `$ITEM{field}` are the item that a task runs for. `$OUT{task.name:default}` has a
/// default. A variable alone keeps the type of its value; in text, numbers and truth values become text, lists and mappings
/// JSON. `$$OUT{x}` is the text `$OUT{x}`.
public struct ValueTemplate: Sendable, Hashable {
    /// A part of a template.
    package enum Piece: Sendable, Hashable {
        case text(String)
        case reference(ExpressionReference)
        /// A variable and its value, for parameters that keep values apart from the text around them.
        case value(ExpressionReference, ParameterValue)
    }

    package let pieces: [Piece]

    /// Creates a template. Texts beside each other are one.
    package init(_ pieces: [Piece]) {
        var joined: [Piece] = []
        for piece in pieces {
            guard case .text(let text) = piece else {
                joined.append(piece)
                continue
            }
            if text.isEmpty { continue }
            if case .text(let before)? = joined.last {
                joined[joined.count - 1] = .text(before + text)
            } else {
                joined.append(piece)
            }
        }
        self.pieces = joined
    }

    /// The variables in it whose values are not known, in their order.
    package var references: [ExpressionReference] {
        pieces.compactMap { if case .reference(let reference) = $0 { reference } else { nil } }
    }

    /// Whether there are variables in it whose values are not known.
    package var isOpen: Bool { pieces.contains { if case .reference = $0 { true } else { false } } }

    /// The variable, if there is nothing else: its value keeps its type.
    package var whole: ExpressionReference? {
        if pieces.count == 1, case .reference(let reference) = pieces[0] { reference } else { nil }
    }
}
