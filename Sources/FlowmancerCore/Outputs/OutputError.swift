/// Why nothing can be published.
package struct OutputError: PlainError, Hashable {
    package let description: String

    private init(_ description: String) {
        self.description = description
    }

    /// A value of a task in Swift cannot be written.
    static let notCodable = OutputError("it cannot be written as JSON")

    /// The name of a property in Swift is none of an output.
    static let name = OutputError("its name is not one of letters, digits, _ and -")

    static func value(of name: String, _ error: any Error) -> OutputError {
        let reason = (error as? OutputError)?.description ?? "it cannot be written as JSON: \(error.inWords)"
        return OutputError("the output '\(name.printable)' is not published, because \(reason)")
    }

    /// The values of an attempt are too large, in bytes.
    package static func tooLarge(_ size: Int) -> OutputError {
        OutputError("the outputs have \(size) bytes; the maximum is \(TaskOutputs.maximumLength)")
    }

    /// A line of a command's file is not as it should be.
    static func line(_ number: Int, _ problem: String) -> OutputError {
        OutputError("line \(number) of the file $\(TaskOutputs.environmentVariable) \(problem)")
    }
}
