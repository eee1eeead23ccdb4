/// A place in a job file.
public struct SourceLocation: Sendable, Hashable, CustomStringConvertible {
    /// The path of the file, as the command line or `include` gives it.
    public var file: String
    /// The line, from 1.
    public var line: Int
    /// The column, in characters, from 1.
    public var column: Int

    /// Creates a location.
    public init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// The place in the form of compilers: `job.yaml:3:7`.
    public var description: String { "\(file):\(line):\(column)" }
}

/// Finds where a value of a job came from.
package protocol SourceMap: Sendable {
    /// Returns where the value at `path` stands, or the nearest value above it that stands somewhere.
    func location(of path: ParameterPath) -> SourceLocation?
    /// Returns where a character of the text at `path` stands: the one behind `offset` others, in Unicode scalars.
    func location(of path: ParameterPath, scalar offset: Int) -> SourceLocation?
    /// Returns where the key at the end of `path` stands, or the nearest key above it that stands somewhere.
    func keyLocation(of path: ParameterPath) -> SourceLocation?
    /// Returns `path` with its keys as the author of the file spelled them: `depends_on` for `dependencies`.
    func spelling(of path: ParameterPath) -> ParameterPath
    /// Returns the task that stands for the job whose file the ``spelling(of:)`` of `path` begins at; `nil` if that is the
    /// job itself.
    func subJob(of path: ParameterPath) -> String?
}
