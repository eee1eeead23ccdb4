/// A value of a job that is known in the run only: text with variables such as `$OUT{list.rows}`, or one variable alone.
public struct ValueTemplate: Sendable, Hashable {
    /// A part of a template.
    package enum Piece: Sendable, Hashable {
        case text(String)
        case reference(ExpressionReference)
    }

    package let pieces: [Piece]

    package init(_ pieces: [Piece]) { self.pieces = pieces }

    /// The variables in it, in their order.
    package var references: [ExpressionReference] {
        pieces.compactMap { if case .reference(let reference) = $0 { reference } else { nil } }
    }

    /// The variable, if there is nothing else: its value keeps its type.
    package var whole: ExpressionReference? {
        if pieces.count == 1, case .reference(let reference) = pieces[0] { reference } else { nil }
    }
}

extension ValueTemplate: CustomStringConvertible {
    /// The template as a job file has it.
    public var description: String {
        pieces.map { piece in
            switch piece {
            case .text(let text): text
            case .reference(let reference): reference.description
            }
        }.joined()
    }
}
