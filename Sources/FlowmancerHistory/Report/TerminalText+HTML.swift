extension TerminalText {
    /// The lines as a page shows them, on a dark ground.
    var html: HTMLText {
        var html: HTMLText = ""
        for (number, line) in lines.enumerated() {
            if number > 0 { html += "\n" }
            for piece in line { html += piece.html }
        }
        return html
    }
}

extension TerminalText.Piece {
    fileprivate var html: HTMLText {
        var attributes: HTMLText = ""
        let classes = style.classes.joined(separator: " ")
        if !classes.isEmpty { attributes += " class=\"\(classes)\"" }
        if case .mixed(let red, let green, let blue)? = style.colour {
            attributes += " style=\"color:\(Self.readable(red, green, blue))\""
        }
        return attributes.bytes.isEmpty ? "\(lines: text)" : "<span\(attributes)>\(lines: text)</span>"
    }

    /// The colour, lighter where it could not be read on a dark ground.
    private static func readable(_ red: Int, _ green: Int, _ blue: Int) -> String {
        let light = 0.3 * Double(red) + 0.59 * Double(green) + 0.11 * Double(blue)
        let share = light >= darkest ? 0 : (darkest - light) / (255 - light)
        func text(_ part: Int) -> String {
            let digits = String(part + Int(Double(255 - part) * share), radix: 16)
            return digits.count < 2 ? "0\(digits)" : digits
        }
        return "#\(text(red))\(text(green))\(text(blue))"
    }

    private static let darkest = 140.0
}

extension TerminalStyling {
    fileprivate var classes: [String] {
        var classes: [String] = []
        if case .named(let number)? = colour { classes.append("c\(number)") }
        if isBold { classes.append("bold") }
        if isDim { classes.append("dim") }
        if isItalic { classes.append("italic") }
        if isUnderlined { classes.append("line") }
        return classes
    }
}
