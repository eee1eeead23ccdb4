import OrderedCollections

extension ParameterValue {
    /// The value as it has to be written one job further in.
    package var raised: ParameterValue {
        switch self {
        case .template(let template):
            .template(
                ValueTemplate(
                    template.pieces.map { piece in
                        switch piece {
                        case .text, .value: piece
                        case .reference(let reference): .reference(reference.raised)
                        }
                    }
                )
            )
        case .array(let items): .array(items.map(\.raised))
        case .object(let members): .object(members.mapValues(\.raised))
        case .null, .bool, .int, .double, .string: self
        }
    }

    /// Puts values together as text.
    ///
    /// - Returns: Text, or a template if a part is one; the value itself if it is the only one. `nil` if there are others and
    ///   one is a list or a mapping.
    package static func joining(_ parts: [ParameterValue]) -> ParameterValue? {
        if parts.count == 1 { return parts[0] }
        var pieces: [ValueTemplate.Piece] = []
        var text = ""
        for part in parts {
            switch part {
            case .template(let template):
                for piece in template.pieces {
                    // Texts beside each other become one, so that equal values are made of equal pieces.
                    if case .text(let more) = piece {
                        text += more
                    } else {
                        if !text.isEmpty { pieces.append(.text(text)) }
                        text = ""
                        pieces.append(piece)
                    }
                }
            case .array, .object:
                return nil
            case .null:
                break
            case .bool, .int, .double, .string:
                text += part.scalarText ?? ""
            }
        }
        guard !pieces.isEmpty else { return .string(text) }
        if !text.isEmpty { pieces.append(.text(text)) }
        return .template(ValueTemplate(pieces))
    }
}
