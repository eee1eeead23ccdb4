import FlowmancerTerminal

extension String {
    /// Returns the text in lines that are broken between words; a word that is too long has a line of its own.
    func wrapped(to columns: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        var width = 0
        for word in split(separator: " ") {
            let wordWidth = DisplayWidth.of(String(word))
            if !line.isEmpty, width + 1 + wordWidth > columns {
                lines.append(line)
                (line, width) = ("", 0)
            }
            line += line.isEmpty ? String(word) : " \(word)"
            width += (width == 0 ? 0 : 1) + wordWidth
        }
        return lines + [line]
    }
}
