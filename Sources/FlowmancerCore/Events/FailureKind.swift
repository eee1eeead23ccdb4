/// What kind of failure an attempt ended with, as far as a retry depends on it.
package enum FailureKind: Sendable, Hashable {
    /// An error of which no more is known.
    case error
    /// An error that a method of the task threw.
    indirect case thrown(ThrownError)
    /// It exceeded its time limit.
    case timeout
    /// A signal or a trap ended its process or its command; the signal is `nil` if the process was ended for what it did.
    case crash(signal: UInt8?)
    /// Its process or its command exited with this code.
    case exit(code: UInt8)

    /// The kind of failure that an error stands for.
    package init(_ error: any Error) {
        self = (error as? any ClassifiedError)?.failure ?? .thrown(ThrownError(error))
    }

    /// The kind of failure of an attempt in which an error follows on a failure, if there is one: the first failure counts,
    /// but each error can be a ``PermanentFailure``.
    init(_ earlier: FailureKind?, then error: any Error) {
        self = earlier.map { error is any PermanentFailure ? .thrown(ThrownError(error)) : $0 } ?? FailureKind(error)
    }

    /// The kind in words that follow on "list".
    var words: String {
        switch self {
        case .error: "error"
        case .thrown(let error): "the error \(TypeName.bare(error.typeName))"
        case .timeout: "timeout"
        case .crash(let signal?): "crash (signal \(signal))"
        case .crash(nil): "crash"
        case .exit(let code): "exit code \(code)"
        }
    }
}

/// What is known of an error that a method of a task threw.
package struct ThrownError: Sendable, Hashable {
    /// The name of its type, with the module.
    package let typeName: String
    /// Whether it is a ``PermanentFailure``.
    package let isPermanent: Bool

    package init(typeName: String, isPermanent: Bool) {
        self.typeName = typeName
        self.isPermanent = isPermanent
    }

    init(_ error: any Error) {
        self.init(typeName: TypeName.qualified(type(of: error)), isPermanent: error is any PermanentFailure)
    }
}

/// An error that stands for another kind of failure than an error.
package protocol ClassifiedError: Error {
    var failure: FailureKind { get }
}
