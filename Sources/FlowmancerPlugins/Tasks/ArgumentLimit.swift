import FlowmancerCore
import Glibc

/// The length that the system allows one argument or variable of a program to have.
enum ArgumentLimit {
    /// In bytes, without the zero at the end.
    static let maximumLength = 32 * Int(getpagesize()) - 1

    /// Returns what is wrong with a text that no program can be given.
    ///
    /// - Parameter subject: What the text is, for the message.
    static func issue(with text: String, named subject: String, at path: @autoclosure () -> ParameterPath) -> JobIssue?
    {
        let length = text.utf8.count
        guard length > maximumLength else { return nil }
        let reason =
            "\(subject) has \(length) bytes, but the system takes at most \(maximumLength) in one argument or variable; "
            + "write the text to a file, or pass it with 'stdin'"
        return JobIssue(.rejectedValue(reason: reason), at: path())
    }
}
