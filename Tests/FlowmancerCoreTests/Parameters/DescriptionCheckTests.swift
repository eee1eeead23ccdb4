import OrderedCollections
import TestSupport
import Testing

import struct FoundationEssentials.Date
import struct FoundationEssentials.URL

@testable import FlowmancerCore

/// A description finds in values what the type that it describes finds.
@Suite struct DescriptionCheckTests {
    @Test(arguments: 0..<400 as Range<UInt64>) func aDescriptionChecksAsItsTypeDoes(seed: UInt64) {
        var random = RandomTypes(seed: seed)
        let type = random.type(depth: 0)
        for _ in 0..<25 {
            let description = TypeDescription(of: type)
            let value = random.values.value(of: description)
            compare(type, description, value)
        }
    }

    private func compare(_ type: Any.Type, _ description: TypeDescription, _ value: ParameterValue) {
        func convert<Value>(_ type: Value.Type) -> [JobIssue] {
            var issues: [JobIssue] = []
            _ = ParameterConversion.convert(value, to: type, at: ParameterPath("value"), issues: &issues)
            return issues
        }
        let group = GroupDescription(
            typeName: "",
            parameters: [.init(key: "value", propertyName: "value", help: "", type: description, presence: .required)]
        )
        var issues: [JobIssue] = []
        group.check(["value": value], at: ParameterPath(), issues: &issues)
        // Secrets of the groups around a value are hidden at its own place, which is that of a parameter here.
        #expect(issues == _openExistential(type, do: convert), "\(type): \(value)")
    }

    @Test(arguments: 0..<2_000 as Range<UInt64>) func aDescribedGroupChecksAsItsTypeDoes(seed: UInt64) {
        var random = RandomParameters(seed: seed)
        for type in groups {
            let description = GroupDescription(of: type)
            let members = random.members(of: description)
            let path = ParameterPath("tasks", "a", "parameters")
            var byType: [JobIssue] = []
            ParameterProbe(KindParameters(of: type)).check(members, at: path, issues: &byType)
            var byDescription: [JobIssue] = []
            ParameterProbe(KindParameters(description)).check(members, at: path, issues: &byDescription)
            #expect(byDescription == byType, "\(type): \(members)")
        }
    }

    /// Where only a type knows better, the description does at least not refuse what the type takes.
    @Test func aDescriptionTakesWhatOnlyATypeCanRefuse() {
        let description = GroupDescription(of: Opaque.self)
        var issues: [JobIssue] = []
        description.check(["point": 5, "even": 3], at: ParameterPath(), issues: &issues)
        #expect(issues.isEmpty)
        description.check(["even": "x"], at: ParameterPath(), issues: &issues)
        #expect(issues.map(\.message) == ["expected an integer, found the text \"x\""])
    }

    @Test func aNameThatTwoParametersHaveIsAMistake() {
        let parameter = ParameterDescription(key: "a", propertyName: "a", help: "", type: .text, presence: .required)
        var issues: [JobIssue] = []
        let group = GroupDescription(typeName: "M.Both", parameters: [parameter, parameter])
        group.check(["a": "x"], at: ParameterPath(), issues: &issues)
        #expect(issues == [JobIssue(.duplicateParameter("a", "Both.a", "Both.a"), at: ParameterPath("a"))])
    }

    private let groups: [any ParameterGroup.Type] = [Everything.self, Login.self, Tree.self, Plain.self, Account.self]
}

/// Makes types of others at random.
private struct RandomTypes {
    var values: RandomParameters

    init(seed: UInt64) {
        values = RandomParameters(seed: seed)
    }

    private static let simple: [Any.Type] = [
        String.self, Bool.self, Int.self, Int8.self, UInt.self, UInt16.self, UInt64.self, Double.self, Float.self,
        Duration.self, URL.self, Date.self, TimeLimit.self, Severity.self, TextList.self, ParameterValue.self,
        Mode.self,
        Level.self, Weight.self, Login.self, Tree.self, Plain.self, Isolation.self,
    ]

    mutating func type(depth: Int) -> Any.Type {
        let inner = depth > 2 || values.generator.chance(40)
        if inner { return Self.simple.randomElement(using: &values.generator) ?? String.self }
        let element = type(depth: depth + 1)
        func optional<Value>(_ type: Value.Type) -> Any.Type { Value?.self }
        func list<Value>(_ type: Value.Type) -> Any.Type { [Value].self }
        func mapping<Value>(_ type: Value.Type) -> Any.Type { [String: Value].self }
        func numbered<Value>(_ type: Value.Type) -> Any.Type { [UInt8: Value].self }
        switch Int.random(in: 0..<4, using: &values.generator) {
        case 0: return element is any OptionalParameter.Type ? element : _openExistential(element, do: optional)
        case 1: return _openExistential(element, do: list)
        case 2: return _openExistential(element, do: mapping)
        default: return _openExistential(element, do: numbered)
        }
    }
}

private enum Mode: String { case fast, safe, HTTP }
private enum Level: Int, CaseIterable { case low = 1, high = 7 }
private enum Weight: Double { case light = 0.5, heavy = 2 }

private struct Login: ParameterGroup {
    @Parameter var user = "me"
    @Parameter(.secret) var password: String
    @Parameter(.secret) var pins: [Int] = []
}

private struct Plain: ParameterGroup {
    @Parameter("The address.") var baseURL: URL
    @Parameter var quota: UInt8?
}

private final class Tree: ParameterGroup, @unchecked Sendable {
    @Parameter var label: String
    @Parameter var children: [Tree] = []
    @Parameter var first: Account?
}

private final class Account: ParameterGroup, @unchecked Sendable {
    @Parameter(.secret) var token: String
    @Parameter var owners: [String: Tree] = [:]
    @Parameter var deputy: Account?
}

private struct Everything: ParameterGroup {
    @Parameter var text: String
    @Parameter var flag = true
    @Parameter var mode: Mode
    @Parameter var levels: Set<Level> = []
    @Parameter var weight: Weight?
    @Parameter var wait = Duration.zero
    @Parameter var limit: TimeLimit?
    @Parameter var severity = Severity.info
    @Parameter var patterns: TextList = []
    @Parameter var free: ParameterValue?
    @Parameter var trees: [Tree] = []
    @Parameter var logins: [String: Login] = [:]
    @Parameter(.secret) var hidden: [Mode: Plain] = [:]
    @Flattened var plain: Plain
}

private struct Opaque: ParameterGroup {
    struct Point: Decodable { var x: Int }
    struct Even: RawRepresentable {
        let rawValue: Int
        init?(rawValue: Int) {
            guard rawValue.isMultiple(of: 2) else { return nil }
            self.rawValue = rawValue
        }
    }

    @Parameter var point: Point?
    @Parameter var even: Even?
}
