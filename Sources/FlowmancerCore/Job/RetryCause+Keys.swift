/// An item of `retry_on`.
extension RetryCause: CustomParameter {
    private static let words: [(word: String, cause: RetryCause)] = [
        ("error", .error), ("timeout", .timeout), ("crash", .crash),
    ]

    package static var expectation: String {
        "error, timeout, crash, an exit code from 1 to 255, a range of them such as 137-140, or the name of an error type"
    }

    package static var typeDescription: TypeDescription {
        .either([.choice(words.map { .string($0.word) }), .integer(minimum: 1, maximum: 255), .text])
    }

    /// The words that are no names.
    static var knownWords: [String] { words.map(\.word) }

    package var describedValue: ParameterValue? {
        switch self {
        case .error, .timeout, .crash: Self.words.first { $0.cause == self }.map { .string($0.word) }
        case .exitCodes(let codes) where codes.count == 1: .int(Int(codes.lowerBound))
        case .exitCodes(let codes): .string("\(codes.lowerBound)-\(codes.upperBound)")
        case .errorType(let name): .string(name)
        }
    }

    package static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Self? {
        if let number = Int(scalar: value) {
            if let code = UInt8(exactly: number), code > 0 { return .exitCode(code) }
            issues.append(.wrongValue(value, expected: "an exit code from 1 to 255", at: path))
            return nil
        }
        guard case .string(let text) = value else {
            issues.append(.wrongValue(value, expected: expectation, at: path))
            return nil
        }
        if let known = words.first(where: { $0.word == text }) { return known.cause }
        if let (first, last) = codes(in: text) { return range(first, last, written: value, at: path, issues: &issues) }
        if isTypeName(text) { return .errorType(text) }
        issues.append(.wrongValue(value, expected: expectation, at: path, candidates: knownWords))
        return nil
    }

    /// The numbers of a range such as `137-140`.
    private static func codes(in text: String) -> (Int, Int)? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { part in
            Int(scalar: .string(String(part)))
        }
        guard parts.count == 2, let first = parts[0], let last = parts[1] else { return nil }
        return (first, last)
    }

    private static func range(
        _ first: Int,
        _ last: Int,
        written value: ParameterValue,
        at path: ParameterPath,
        issues: inout [JobIssue]
    ) -> RetryCause? {
        guard let lower = UInt8(exactly: first), let upper = UInt8(exactly: last), min(lower, upper) > 0 else {
            issues.append(.wrongValue(value, expected: "exit codes from 1 to 255", at: path))
            return nil
        }
        guard lower <= upper else {
            let reason = "the range \(first)-\(last) ends before it begins; write \(last)-\(first)"
            issues.append(JobIssue(.rejectedValue(reason: reason), at: path))
            return nil
        }
        return .exitCodes(lower...upper)
    }

    /// Whether text could be the name of a type, which begins with a capital letter.
    private static func isTypeName(_ text: String) -> Bool {
        let name = text.prefix { $0 != "<" }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.last?.first?.isUppercase == true else { return false }
        return parts.allSatisfy { part in
            guard let first = part.first, first.isLetter || first == "_" else { return false }
            return part.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
        }
    }

    /// What is wrong with causes that were set in code.
    static func fault(in causes: [RetryCause]?) -> JobIssue.Problem? {
        guard let causes else { return nil }
        if causes.isEmpty {
            return .rejectedValue(
                reason: "without a kind of failure there is no other attempt; set max_attempts to 1 instead"
            )
        }
        for case .exitCodes(let codes) in causes where codes.contains(0) {
            return .wrongValue(expected: "exit codes from 1 to 255", found: "0")
        }
        for case .errorType(let name) in causes where !isTypeName(name) {
            return .wrongValue(expected: "the name of an error type", found: ParameterValue.string(name).description)
        }
        return nil
    }
}

extension RetryCause: JobKeyValue {}
