extension String {
    /// Returns the text with some of its Unicode scalars replaced.
    ///
    /// Replacing characters would miss some: `<` with an accent behind it is another character in Swift, but means the
    /// same to a parser of HTML.
    ///
    /// - Parameter replacement: Returns what to write for a scalar; `nil` to keep it.
    package func replacingScalars(_ replacement: (Unicode.Scalar) -> String?) -> String {
        unicodeScalars.reduce(into: "") { result, scalar in
            if let text = replacement(scalar) { result += text } else { result.unicodeScalars.append(scalar) }
        }
    }
}
