/// A pattern among names of tasks in a job file: `*` stands for any text, `?` for any character.
///
/// A task may be called like a pattern. Then the name stands for that task.
enum NamePattern {
    /// The pattern that stands for all tasks.
    static let all = "*"

    /// Whether a name that no task has is a pattern.
    static func isPattern(_ name: String) -> Bool {
        name.utf8.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }
    }
}
