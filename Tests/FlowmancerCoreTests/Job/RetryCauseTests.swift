import Testing

@testable import FlowmancerCore

/// Which failures `retry_on` means.
@Suite struct RetryCauseTests {
    private struct Trouble: Error {}
    private struct Hopeless: PermanentFailure {}
    private struct Sorted: ClassifiedError { let failure = FailureKind.exit(code: 9) }

    private static let thrown = FailureKind(Trouble())

    @Test(
        arguments: [
            (.error, [.error, thrown, .exit(code: 3)]),
            (.timeout, [.timeout]),
            (.crash, [.crash(signal: nil), .crash(signal: 9)]),
            (.exitCode(3), [.exit(code: 3)]),
            (.exitCodes(137...140), [.crash(signal: 9)]),
            (.exitCodes(1...255), [.crash(signal: 9), .exit(code: 3)]),
            (.errorType("Trouble"), [thrown]),
            (.errors(of: Trouble.self), [thrown]),
            (.errorType("Other"), []),
        ] as [(RetryCause, [FailureKind])]
    )
    func aCauseCoversItsFailures(cause: RetryCause, expected: [FailureKind]) {
        let all: [FailureKind] = [
            .error, Self.thrown, .timeout, .crash(signal: nil), .crash(signal: 9), .exit(code: 0), .exit(code: 3),
        ]
        let covered = all.filter { cause.covers($0) }
        // A process may also exit with 0 before its task ended.
        #expect(covered.filter { $0 != .exit(code: 0) } == expected)
        #expect(covered.contains(.exit(code: 0)) == (cause == .error))
    }

    @Test func anErrorTypeHasTheNamesOfATaskType() {
        let error = FailureKind.thrown(ThrownError(typeName: "App.Outer.Trouble", isPermanent: false))
        let names = ["Trouble", "Outer.Trouble", "App.Outer.Trouble", "App.Trouble", "Outer", "rouble"]
        #expect(names.filter { RetryCause.errorType($0).covers(error) } == Array(names[..<3]))
        let generic = FailureKind.thrown(ThrownError(typeName: "App.Box<Swift.Int>", isPermanent: false))
        #expect(RetryCause.errorType("Box<Int>").covers(generic))
    }

    @Test func errorsAreWhatTheySayOfThemselves() {
        #expect(FailureKind(Sorted()) == .exit(code: 9))
        guard case .thrown(let error) = FailureKind(Hopeless()) else {
            Issue.record("not an error")
            return
        }
        #expect(error.isPermanent && error.typeName.hasSuffix("Hopeless"))
    }

    @Test func aPermanentFailureIsNeverRetried() {
        let failure = FailureKind(Hopeless())
        for causes in [nil, [.error], [.errorType("Hopeless")]] as [[RetryCause]?] {
            let refusal = RetryPolicy(maxAttempts: 9, causes: causes).refusal(after: failure)
            #expect(refusal?.text == "no further attempt: Hopeless is a permanent failure")
        }
        // It may also be what follows on another error.
        #expect(FailureKind(.error, then: Hopeless()) == failure)
        #expect(FailureKind(failure, then: Trouble()) == failure)
        #expect(FailureKind(.timeout, then: Trouble()) == .timeout)
        #expect(FailureKind(nil, then: Trouble()) == Self.thrown)
    }

    @Test(
        arguments: [
            (.error, "error"), (thrown, "the error Trouble"), (.timeout, "timeout"), (.exit(code: 3), "exit code 3"),
            (.crash(signal: 9), "crash (signal 9)"), (.crash(signal: nil), "crash"),
        ] as [(FailureKind, String)]
    )
    func aRefusalNamesTheFailure(failure: FailureKind, words: String) {
        let refusal = RetryPolicy(causes: [.errorType("Other")]).refusal(after: failure)
        #expect(refusal?.remark == "No further attempt: 'retry_on' does not list \(words).")
        #expect(RetryPolicy().refusal(after: failure) == nil)
    }

    // MARK: In job files

    @Test(
        arguments: [
            ("error", .error), ("timeout", .timeout), ("crash", .crash), (75, .exitCode(75)), ("75", .exitCode(75)),
            (1, .exitCode(1)), (255.0, .exitCode(255)), ("137-140", .exitCodes(137...140)),
            (" 1 - 255 ", .exitCodes(1...255)), ("5-5", .exitCode(5)), ("MyError", .errorType("MyError")),
            ("App.Outer.MyError", .errorType("App.Outer.MyError")), ("Box<Int>", .errorType("Box<Int>")),
            ("_x.Äußerst9", .errorType("_x.Äußerst9")),
        ] as [(ParameterValue, RetryCause)]
    )
    func itemsAreRead(value: ParameterValue, expected: RetryCause) {
        var issues: [JobIssue] = []
        #expect(RetryCause.convert(value, at: ParameterPath("x"), issues: &issues) == expected)
        #expect(issues.isEmpty)
        let written = expected.written(at: ParameterPath(), issues: &issues)
        #expect(RetryCause.convert(written, at: ParameterPath("x"), issues: &issues) == expected)
    }

    private static let expected =
        "expected error, timeout, crash, an exit code from 1 to 255, a range of them such as 137-140, or the name of an "
        + "error type, found "

    @Test(
        arguments: [
            (0, "expected an exit code from 1 to 255, found the number 0"),
            (256, "expected an exit code from 1 to 255, found the number 256"),
            (-1, "expected an exit code from 1 to 255, found the number -1"),
            ("0-3", "expected exit codes from 1 to 255, found the text \"0-3\""),
            ("1-99999999999999999999", "\(expected)the text \"1-99999999999999999999\""),
            ("9-3", "the range 9-3 ends before it begins; write 3-9"),
            ("timout", "\(expected)the text \"timout\"; did you mean 'timeout'?"),
            ("eror", "\(expected)the text \"eror\"; did you mean 'error'?"),
            ("myError", "\(expected)the text \"myError\"; did you mean 'error'?"), ("", "\(expected)the text \"\""),
            ("A b", "\(expected)the text \"A b\""), ("A.", "\(expected)the text \"A.\""),
            (true, "\(expected)the truth value true"), (.null, "\(expected)nothing"),
            ([], "\(expected)a list of 0 items"),
            (1.5, "\(expected)the number 1.5"),
        ] as [(ParameterValue, String)]
    )
    func whatIsNoKindOfFailureIsRefused(value: ParameterValue, message: String) {
        var issues: [JobIssue] = []
        #expect(RetryCause.convert(value, at: ParameterPath("x"), issues: &issues) == nil)
        #expect(issues.map(\.message) == [message])
    }
}
