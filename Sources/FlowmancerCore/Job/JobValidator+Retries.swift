extension JobValidator {
    /// Checks the names of error types in `retry_on`.
    mutating func checkErrorTypes(_ causes: [RetryCause], of kind: TaskKind, at path: ParameterPath) {
        for (index, cause) in causes.enumerated() {
            guard case .errorType(let name) = cause else { continue }
            let place = path.appending(index)
            if kind.runtime == .command {
                let reason =
                    "a command throws no error of the type '\(name)', so this has no effect; list its exit codes"
                issues.append(JobIssue(.rejectedValue(reason: reason), at: place, severity: .warning))
            } else if let types = knownErrorTypes(),
                !types.contains(where: { TypeName.spellings(of: $0).contains(name) }),
                !isErrorType(name)
            {
                issues.append(JobIssue(.rejectedValue(reason: Self.unknownErrorType(name, types)), at: place))
            }
        }
    }

    /// The error types of the program; `nil` if they are not known. Looking for them takes some milliseconds.
    private mutating func knownErrorTypes() -> [String]? {
        if errorTypes == nil { errorTypes = .some(catalog.errorTypes?()) }
        return errorTypes ?? nil
    }

    /// Whether the program has an error type of that name which is only found by it, such as a class that inherits its
    /// conformance.
    private func isErrorType(_ name: String) -> Bool {
        RuntimeType.find(name, in: catalog.modules) is any Error.Type
    }

    private static func unknownErrorType(_ name: String, _ types: [String]) -> String {
        let candidates = RetryCause.knownWords + types.map(TypeName.bare).sorted()
        let advice = name.nearest(among: candidates).map { "did you mean '\($0)'?" }
        return "this program has no error type '\(name)'; \(advice ?? "expected \(RetryCause.expectation)")"
    }
}
