/// A type of another layer that has its own way out of a job file.
package protocol CustomParameter {
    /// What a job file has to hold: "a command".
    static var expectation: String { get }
    /// The forms that a job file may have for it.
    static var typeDescription: TypeDescription { get }
    /// The form that a job file would have for this value; `nil` if it is not to be shown.
    var describedValue: ParameterValue? { get }
    /// Whether a template is converted as it is, with values beside its variables: so that what was published never becomes
    /// part of a program's text.
    static var keepsVariables: Bool { get }
    /// Records what is wrong or doubtful about a template whose values are not known yet.
    static func review(_ template: ValueTemplate, at path: ParameterPath, issues: inout [JobIssue])
    /// Converts a value, or records why it does not fit and returns `nil`.
    static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Self?
}

extension CustomParameter {
    package static var keepsVariables: Bool { false }
    package static func review(_ template: ValueTemplate, at path: ParameterPath, issues: inout [JobIssue]) {}
}
