import FlowmancerCore
import OrderedCollections
import Testing

/// Types of parameters that no job file can hold, and properties that are no parameters.
@Suite struct UnsupportedParameterTests {
    @Test func theMessageSaysWhatToChange() {
        let messages = bind([
            "mode": "fast", "pair": [1, 2], "client": [:], "action": "x", "anything": 1, "point": ["x": 1],
            "modes": ["fast"],
        ])
        let expected = [
            "p.mode: a job file cannot contain a value of the enum Mode, because it has no raw values; declare raw values, "
                + "for example: enum Mode: String",
            "p.pair: a job file cannot contain a value of the tuple (Int, Int); use an array, or a struct that conforms to "
                + "ParameterGroup",
            "p.client: a job file cannot contain a value of the class Client; make it Decodable, or use a struct that "
                + "conforms to ParameterGroup",
            "p.action: a job file cannot contain a value of the function type @Sendable () -> (); use an enum with raw "
                + "values to choose between functions",
            "p.anything: a job file cannot contain a value of any type that conforms to Thing; use a concrete type",
            "p.point: a job file cannot contain a value of the type Point; make it Decodable, or make it a "
                + "ParameterGroup and mark its properties with @Parameter",
            "p.modes[0]: a job file cannot contain a value of the enum Mode, because it has no raw values; declare raw "
                + "values, for example: enum Mode: String",
        ]
        #expect(messages == expected)
    }

    /// Otherwise the author sets it, and gets another error.
    @Test func aMissingOneIsNotAskedFor() {
        let messages = bind([:])
        #expect(messages.count == 2)
        let reason = "cannot be set: a job file cannot contain a value of the enum Mode"
        #expect(messages[0].hasPrefix("p: the parameter 'mode' \(reason)"))
        #expect(messages[1].hasPrefix("p: the parameter 'modes' \(reason)"))
    }

    /// Swift decodes it from a mapping, which nobody would write.
    @Test func decodableDoesNotHelpAnEnumerationWithoutRawValues() {
        var issues: [JobIssue] = []
        _ = ParameterBinder.make(Decoded.self, from: ["mode": "fast"], at: ParameterPath("p"), issues: &issues)
        #expect(
            issues.map(\.message) == [
                "a job file has to write the enum DecodableMode as a mapping, because it has no raw values; declare raw "
                    + "values, for example: enum DecodableMode: String"
            ]
        )
    }

    @Test func aForgottenParameterIsNamed() {
        var issues: [JobIssue] = []
        let members: OrderedDictionary<String, ParameterValue> = [
            "base_url": "x", "plain": 1, "other": 2, "inherited": 3,
        ]
        _ = ParameterBinder.make(Forgetful.self, from: members, at: ParameterPath("p"), issues: &issues)
        #expect(
            issues.map { "\($0.path): \($0.message)" } == [
                "p.base_url: unknown key 'base_url'; Forgetful has a property 'baseURL', but it is not a parameter; mark it "
                    + "with @Parameter",
                "p.plain: unknown key 'plain'; Forgetful has a property 'plain', but it is not a parameter; mark it with "
                    + "@Parameter",
                "p.other: unknown key 'other'; expected one of: marked",
                "p.inherited: unknown key 'inherited'; Forgetful has a property 'inherited', but it is not a parameter; mark "
                    + "it with @Parameter",
            ]
        )
    }

    private func bind(_ members: OrderedDictionary<String, ParameterValue>) -> [String] {
        var issues: [JobIssue] = []
        _ = ParameterBinder.make(Settings.self, from: members, at: ParameterPath("p"), issues: &issues)
        return issues.map { "\($0.path): \($0.message)" }
    }

    struct Settings: ParameterGroup {
        @Parameter var mode: Mode
        @Parameter var pair = (1, 2)
        @Parameter var client = Client()
        @Parameter var action: @Sendable () -> Void = {}
        @Parameter var anything: any Thing = Client()
        @Parameter var point = Point()
        @Parameter var modes: [Mode]
    }

    struct Decoded: ParameterGroup {
        @Parameter var mode = DecodableMode.fast
    }

    class Base: ParameterGroup {
        var inherited = 1
        required init() {}
    }

    final class Forgetful: Base {
        @Parameter var marked = 1
        var baseURL = ""
        let plain = 2
        var other: Int { 3 }
    }

    enum Mode { case fast, safe }
    enum DecodableMode: Decodable { case fast, safe }
    protocol Thing: Sendable {}
    final class Client: Thing {}
    struct Point { var x = 0 }
}
