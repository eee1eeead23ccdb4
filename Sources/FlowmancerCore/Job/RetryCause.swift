/// A kind of failure after which a task may have another attempt: an item of `retry_on` in a job file.
public enum RetryCause: Sendable, Hashable {
    /// The task threw an error, its process or its command exited with a code that does not mean success, or its command
    /// could not be started.
    case error
    /// The attempt exceeded its time limit.
    case timeout
    /// A signal or a trap ended the process of the task or its command.
    case crash
    /// The process of the task or its command exited with one of these codes, from 1 to 255. A signal counts as 128 plus its
    /// number.
    case exitCodes(ClosedRange<UInt8>)
    /// The task threw an error of the type of this name: `Name`, `Outer.Name` or `Module.Name`.
    case errorType(String)

    /// An exit code, from 1 to 255.
    public static func exitCode(_ code: UInt8) -> RetryCause { .exitCodes(code...code) }

    /// Errors of a type.
    public static func errors(of type: any Error.Type) -> RetryCause { .errorType(TypeName.qualified(type)) }

    /// Whether a failure is of this kind.
    func covers(_ failure: FailureKind) -> Bool {
        switch (self, failure) {
        case (.error, .error), (.error, .thrown), (.error, .exit): true
        case (.timeout, .timeout), (.crash, .crash): true
        case (.exitCodes(let codes), .exit(let code)): codes.contains(code)
        case (.exitCodes(let codes), .crash(let signal?)): codes.contains(128 | signal)
        case (.errorType(let name), .thrown(let error)): TypeName.spellings(of: error.typeName).contains(name)
        default: false
        }
    }
}
