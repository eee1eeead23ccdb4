/// A value of a job that holds a variable without a value and without a default.
///
/// Whether that matters depends on the parameter: ``JobValidator`` refuses it where it leaves a required parameter or a
/// secret without a value.
package struct UnsetVariable: Sendable, Hashable {
    /// The value.
    package let path: ParameterPath
    /// The variable, without its default: `$ENV{NAME}`.
    package let variable: String
    /// The variable that was probably meant.
    package let nearest: String?
    /// What the value became.
    package let text: String

    package init(_ variable: String, nearest: String?, at path: ParameterPath, text: String) {
        self.variable = variable
        self.nearest = nearest
        self.path = path
        self.text = text
    }

    /// Whether nothing but blanks is left of the value.
    var leavesNothing: Bool { text.allSatisfy(\.isWhitespace) }
}
