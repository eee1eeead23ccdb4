/// A type of another layer that has its own way out of a job file.
package protocol CustomParameter {
    /// What a job file has to hold: "a command".
    static var expectation: String { get }
    /// The forms that a job file may have for it.
    static var typeDescription: TypeDescription { get }
    /// The form that a job file would have for this value; `nil` if it is not to be shown.
    var describedValue: ParameterValue? { get }
    /// Converts a value, or records why it does not fit and returns `nil`.
    static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Self?
}
