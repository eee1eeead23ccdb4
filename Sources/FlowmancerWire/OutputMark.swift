/// Shows where in its standard output a worker logged a line, so that printed and logged lines keep their order though they
/// arrive by different ways.
///
/// A mark is written at once, and is so short that pipe(7) keeps it in one piece.
package struct OutputMark: Sendable {
    /// A NUL, which text seldom has, and nowhere else another one; then what programs do not print by chance.
    package let bytes: [UInt8]

    /// - Parameter number: What tells the marks of one run from all else. None of its bytes may be zero.
    package init(number: UInt64) {
        bytes = Array("\0flowlog".utf8) + (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    /// A number for a run.
    package static func randomNumber() -> UInt64 {
        (0..<8).reduce(0) { number, _ in number << 8 | UInt64.random(in: 1...255) }
    }
}
