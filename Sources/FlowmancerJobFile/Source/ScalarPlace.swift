/// Where a scalar stands in its file.
struct ScalarPlace {
    let start: SourceMark
    /// The place behind the scalar; `nil` if it is not known.
    var end: SourceMark?
    /// Whether the text begins on the line after `start`, which is that of a `|` or `>`.
    var isBlock = false
}
