/// A type of another layer that has its own way out of a job file.
package protocol CustomParameter {
    /// What a job file has to hold: "a command".
    static var expectation: String { get }
    /// Converts a value, or records why it does not fit and returns `nil`.
    static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Self?
}
