import FlowmancerCore
import FoundationEssentials
import Testing

@Suite struct ParameterConversionTests {
    @Test(
        arguments: [
            (5, 5), ("5", 5), (" 5 ", 5), ("1_000", 1_000), (5.0, 5), ("5.0", 5), ("-3", -3), ("+3", 3),
            (5.5, nil), ("5.5", nil), ("five", nil), ("", nil), (true, nil), (nil, nil), ([5], nil), (1e300, nil),
        ] as [(ParameterValue, Int?)]
    )
    func integersAreLax(value: ParameterValue, expected: Int?) { check(value, expected) }

    @Test(arguments: [(255, 255), (256, nil), (-1, nil), ("255", 255), ("256", nil)] as [(ParameterValue, UInt8?)])
    func integersKeepTheirRange(value: ParameterValue, expected: UInt8?) { check(value, expected) }

    @Test(
        arguments: [
            (true, true), (false, false), (1, true), (0, false), (1.0, true), (2, nil), ("yes", true), ("No", false),
            ("ON", true), ("off", false), ("t", true), ("n", false), ("1", true), ("0", false), ("maybe", nil),
            ("", nil), (nil, nil),
        ] as [(ParameterValue, Bool?)]
    )
    func truthValuesAreLax(value: ParameterValue, expected: Bool?) { check(value, expected) }

    @Test(
        arguments: [(1, 1), (1.5, 1.5), ("1.5", 1.5), ("1e3", 1_000), ("x", nil), (true, nil), (nil, nil)]
            as [(ParameterValue, Double?)]
    )
    func numbersAreLax(value: ParameterValue, expected: Double?) { check(value, expected) }

    @Test(
        arguments: [("x", "x"), ("", ""), (5, nil), (1.5, nil), (true, nil), (nil, nil)] as [(ParameterValue, String?)]
    )
    func onlyTextIsText(value: ParameterValue, expected: String?) { check(value, expected) }

    @Test(
        arguments: [
            (90, .seconds(90)), (1.5, .milliseconds(1_500)), ("90", .seconds(90)), ("90s", .seconds(90)),
            ("1h30m", .seconds(5_400)), ("1d 2h", .seconds(93_600)), ("250ms", .milliseconds(250)),
            ("1.5h", .seconds(5_400)), ("2 min", .seconds(120)), (" 3 sec ", .seconds(3)), (0, .zero),
            (-1, nil), ("-1s", nil), ("1x", nil), ("h", nil), ("1h30", nil), ("", nil), (true, nil), ("1h m", nil),
            ("soon", nil), (1e16, nil), ("1.2.3s", nil),
        ] as [(ParameterValue, Duration?)]
    )
    func durationsAreSecondsOrHaveUnits(value: ParameterValue, expected: Duration?) { check(value, expected) }

    @Test(
        arguments: [
            ("2024-12-31T23:59:59Z", 1_735_689_599), ("2024-12-31", 1_735_603_200), (0, 0), (1.5, 1.5),
            ("2024-12-31T23:59:59.250Z", 1_735_689_599.25), ("2024-12-31T23:59:59+01:00", 1_735_685_999),
            ("tomorrow", nil), (true, nil), (nil, nil),
        ] as [(ParameterValue, Double?)]
    )
    func datesAreISO8601OrSeconds(value: ParameterValue, expected: Double?) {
        check(value, expected.map { Date(timeIntervalSince1970: $0) })
    }

    @Test(
        arguments: [("https://a.example/b?c=d", "https://a.example/b?c=d"), ("", nil), (5, nil)]
            as [(ParameterValue, String?)]
    )
    func addressesAreText(value: ParameterValue, expected: String?) {
        check(value, expected.flatMap { URL(string: $0) })
    }

    @Test(arguments: [("http", .http), ("HTTP", nil), ("ftp", nil), (1, nil)] as [(ParameterValue, Scheme?)])
    func enumerationsComeFromTheirRawValues(value: ParameterValue, expected: Scheme?) { check(value, expected) }

    @Test(arguments: [(1, .one), ("2", .two), (3, nil)] as [(ParameterValue, Level?)])
    func enumerationsOfNumbersAreLaxToo(value: ParameterValue, expected: Level?) { check(value, expected) }

    @Test func containersConvertEveryElement() {
        check(["1", 2, 3.0], [1, 2, 3])
        check(["1", 1, 2], Set([1, 2]))
        check(["a": "1", "b": 2], ["a": 1, "b": 2])
        check(["1": [true], "2": []], [1: [true], 2: []] as [Int: [Bool]])
        check([nil, 1], [nil, 1] as [Int?])
        check([], [Int]())
        check("1", nil as [Int]?)
        check([1], nil as [String: Int]?)
    }

    @Test func nothingIsAValueOnlyOfOptionals() {
        var issues: [JobIssue] = []
        #expect(ParameterConversion.convert(nil, to: Int?.self, at: ParameterPath(), issues: &issues) == .some(nil))
        #expect(ParameterConversion.convert("7", to: Int?.self, at: ParameterPath(), issues: &issues) == 7)
        #expect(issues.isEmpty)
        check(nil, nil as [Int]?)
    }

    @Test func everyWrongElementIsReportedAtItsPlace() {
        #expect(
            messages(["x", 1, ["y": 2]], as: [Int].self) == [
                "p[0]: expected an integer, found the text \"x\"",
                "p[2]: expected an integer, found a mapping of one key",
            ]
        )
        #expect(
            messages(["a": ["b": [1, "z"]]], as: [String: [String: [Int]]].self) == [
                "p.a.b[1]: expected an integer, found the text \"z\""
            ]
        )
    }

    @Test(
        arguments: [
            (Int.self, "expected an integer, found a list of 2 items"),
            (UInt8.self, "expected an integer from 0 to 255, found a list of 2 items"),
            (Bool.self, "expected true or false, found a list of 2 items"),
            (Scheme.self, "expected one of: http, https, found a list of 2 items"),
            ([String: Int].self, "expected a mapping (each value: an integer), found a list of 2 items"),
            (Int?.self, "expected an integer, found a list of 2 items"),
        ] as [(any Sendable.Type, String)]
    )
    func messagesSayWhatIsExpected(type: any Sendable.Type, message: String) {
        func check<Value: Sendable>(_ type: Value.Type) {
            #expect(messages([1, 2], as: type) == ["p: \(message)"])
        }
        check(type)
    }

    @Test func aMisspeltCaseIsSuggested() {
        #expect(
            messages("htpps", as: Scheme.self) == [
                "p: expected one of: http, https, found the text \"htpps\"; did you mean 'https'?"
            ]
        )
    }

    // MARK: Decodable

    @Test func decodableTypesFollowTheSameRules() {
        let value: ParameterValue = [
            "name": "x", "port": "80", "time_out": "1m", "tags": ["a"], "inner": ["isOn": "yes"], "scheme": "https",
        ]
        let expected = Server(
            name: "x",
            port: 80,
            timeOut: .seconds(60),
            tags: ["a"],
            inner: Server.Inner(isOn: true),
            scheme: .https,
            note: nil
        )
        check(value, expected)
    }

    @Test func decodableTypesRejectWhatTheyDoNotKnow() {
        let value: ParameterValue = [
            "name": "x", "port": 80, "timeOut": 1, "tags": [], "inner": ["is_on": true, "is_off": 1], "scheme": "http",
        ]
        #expect(messages(value, as: Server.self) == ["p.inner.is_off: unknown key 'is_off'; expected one of: is_on"])
        #expect(messages(5, as: Server.self) == ["p: expected a mapping, found the number 5"])
        #expect(messages([:], as: Server.self) == ["p: the required key 'name' is missing; expected a value"])
    }

    @Test func aWrongValueIsNotTakenForNoValue() {
        #expect(messages(["limit": "x"], as: Limits.self) == ["p.limit: expected an integer, found the text \"x\""])
        check(["limit": nil], Limits(limit: nil))
    }

    struct Limits: Decodable, Equatable {
        enum CodingKeys: CodingKey { case limit }
        var limit: Int?

        init(limit: Int?) { self.limit = limit }

        init(from decoder: any Decoder) throws {
            limit = try decoder.container(keyedBy: CodingKeys.self).decode(Int?.self, forKey: .limit)
        }
    }

    enum Scheme: String, CaseIterable, Codable { case http, https }
    enum Level: Int, CaseIterable { case one = 1, two }

    struct Server: Codable, Equatable {
        struct Inner: Codable, Equatable { var isOn: Bool }
        var name: String
        var port: Int
        var timeOut: Duration
        var tags: [String]
        var inner: Inner
        var scheme: Scheme
        var note: String?
    }
}

private func check<Value: Equatable>(
    _ value: ParameterValue,
    _ expected: Value?,
    sourceLocation: Testing.SourceLocation = #_sourceLocation
) {
    var issues: [JobIssue] = []
    let result = ParameterConversion.convert(value, to: Value.self, at: ParameterPath("p"), issues: &issues)
    #expect(result == expected, sourceLocation: sourceLocation)
    #expect(issues.isEmpty == (expected != nil), "\(issues)", sourceLocation: sourceLocation)
}

private func messages<Value>(_ value: ParameterValue, as type: Value.Type) -> [String] {
    var issues: [JobIssue] = []
    #expect(ParameterConversion.convert(value, to: type, at: ParameterPath("p"), issues: &issues) == nil)
    return issues.map { "\($0.path): \($0.message)" }
}
