import FoundationEssentials
import TestSupport
import Testing

@testable import FlowmancerCore

/// What commands leave in their files.
@Suite struct TaskOutputsReadingTests {
    private func read(_ text: String) throws -> [String] {
        try TaskOutputs(fileOf: Array(text.utf8)).values.map { "\($0)=\($1.rawValue)" }
    }

    @Test(
        arguments: [
            ("", []), (" \n\t\r\n", []), ("rows=42", ["rows=\"42\""]), ("a=1\nb=2\n", ["a=\"1\"", "b=\"2\""]),
            ("a=1\r\nb=2\r\n", ["a=\"1\"", "b=\"2\""]), ("a=1\n\n  \nb=x=y\n", ["a=\"1\"", "b=\"x=y\""]),
            ("a=\n", ["a=\"\""]), ("a= x \n", ["a=\" x \""]), ("a=1\na=2", ["a=\"2\""]),
            ("l+=x\nl+=y\nb=1\nl+=\n", ["l=[\"x\",\"y\",\"\"]", "b=\"1\""]),
            ("a=\"q\"\\\t", ["a=\"\\\"q\\\"\\\\\\t\""]),
            ("größe_2=ü日本", ["größe_2=\"ü日本\""]), ("_a-b=1", ["_a-b=\"1\""]), ("a+=\n", ["a=[\"\"]"]),
        ] as [(String, [String])]
    )
    func linesAreTextsAndLists(text: String, expected: [String]) throws {
        #expect(try read(text) == expected)
    }

    @Test(
        arguments: [
            ("{}", []), (" \n{ }\n", []), (#"{"rows": 42}"#, ["rows=42"]),
            (
                #"{"n":1.50000000000000000000001,"z":[1 ,{"x":null}] , "t":"\u00e9\ud83d\ude00\/"}"#,
                [
                    "n=1.50000000000000000000001", #"z=[1 ,{"x":null}]"#, #"t="\u00e9\ud83d\ude00\/""#,
                ]
            ),
            (
                #"{"a":-0.5e+10,"b":true,"c":false,"d":null,"e":"","f":[],"g":{}}"#,
                [
                    "a=-0.5e+10", "b=true", "c=false", "d=null", "e=\"\"", "f=[]", "g={}",
                ]
            ),
        ] as [(String, [String])]
    )
    func anObjectKeepsItsValuesAsTheyAre(text: String, expected: [String]) throws {
        #expect(try read(text) == expected)
    }

    private static let form = "expected name=value, name+=value, or one JSON object"
    private static let names = "; a name has letters, digits, _ and -, and begins with a letter or _"

    @Test(
        arguments: [
            ("rows\n", 1, #"is "rows"; \#(form)"#), ("a=1\n\n[1]\n", 3, #"is "[1]"; \#(form)"#),
            ("a=1\n=2", 2, "has a value without a name\(names)"), ("+=2", 1, "has a value without a name\(names)"),
            ("{\"\":1}", 1, "has a value without a name\(names)"),
            ("a b=2", 1, "has the name 'a b'\(names)"), ("1a=2", 1, "has the name '1a'\(names)"),
            ("a=1\nb=1\na+=2", 3, "adds to 'a' with +=, but line 1 set it with ="),
            ("a+=1\na=2", 2, "sets 'a' with =, but line 1 made a list of it with +="),
            ("{\n\"a\": 1,\n\"b\" 2}", 3, "is not valid JSON: expected :"),
            ("{\"a\": 1", 1, "is not valid JSON: it ends too early"),
            ("{\"a\": 1}\n{\"b\": 2}", 2, "is not valid JSON: expected nothing behind the object"),
            ("{\"a\": 01}", 1, "is not valid JSON: a number begins with 0"),
            ("{\"a\": nul}", 1, "is not valid JSON: expected null"),
            ("{\"a\": 1,}", 1, "is not valid JSON: expected a name in quotes"),
            (
                "{\"a\": \"\n\"}", 1,
                "is not valid JSON: a text contains a control character; write it as an escape"
            ),
            ("{\"a\": \"\\ud800x\"}", 1, "is not valid JSON: an escape is half of a character"),
            ("{\"a\":1,\n\"a\":2}", 2, "has the name 'a' again"), ("{\"a.b\":1}", 1, "has the name 'a.b'\(names)"),
        ] as [(String, Int, String)]
    )
    func mistakesAreNamedWithTheirLine(text: String, line: Int, problem: String) {
        let error = #expect(throws: OutputError.self) { try read(text) }
        #expect(error?.description == "line \(line) of the file $FLOWMANCER_OUTPUT \(problem)")
    }

    @Test func bytesThatAreNoTextAreNamedWithTheirLine() {
        let error = #expect(throws: OutputError.self) { try TaskOutputs(fileOf: Array("a=1\nb=".utf8) + [0xFF]) }
        #expect(error?.description == "line 2 of the file $FLOWMANCER_OUTPUT is not UTF-8")
    }

    @Test func depthDoesNotExhaustTheStack() throws {
        let deep = String(repeating: "[", count: 1_000_000)
        let error = #expect(throws: OutputError.self) { try read("{\"a\":\(deep)") }
        #expect(error?.description.hasSuffix("it is nested too deeply") == true)
        let objects = String(repeating: "{\"a\":", count: 1_000_000)
        #expect(throws: OutputError.self) { try read(objects) }
        let allowed = String(repeating: "[", count: 400) + String(repeating: "]", count: 400)
        #expect(try read("{\"a\":\(allowed)}") == ["a=\(allowed)"])
    }

    @Test(arguments: UInt64(1)...200) func whatIsTakenIsJSONAndNothingTraps(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            let pieces = [
                "{", "}", "[", "]", "\"", ":", ",", "a", "\\", "u00e9", "1", "-", ".5", "e3", "true", "null", " ", "\n",
                "=",
                "+=",
            ]
            var text = random.chance(70) ? "{" : ""
            for _ in 0..<Int.random(in: 0...12, using: &random) { text += pieces.randomElement(using: &random)! }
            var bytes = Array(text.utf8)
            if random.chance(10) { bytes.append(UInt8.random(in: 0...255, using: &random)) }
            // What is not taken has to be named as a mistake, never to be a trap.
            guard let outputs = try? TaskOutputs(fileOf: bytes) else { continue }
            #expect(TaskOutputs(outputs.json) == outputs, "\(text)")
            let members = try JSONDecoder().decode([String: Tree].self, from: Data(outputs.json.rawValue.utf8))
            #expect(members.count == outputs.values.count, "\(text)")
            if bytes.first(where: { !JSONScanner.isBlank($0) }) == UInt8(ascii: "{") {
                let whole = try JSONDecoder().decode([String: Tree].self, from: Data(bytes))
                #expect(whole.mapValues(\.text) == members.mapValues(\.text), "\(text)")
            }
        }
    }

    @Test(arguments: UInt64(1)...100) func anyValueIsReadBack(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            let value = Self.value(&random, depth: 4)
            var outputs = TaskOutputs()
            outputs.set("v", to: value)
            let read = try #require(TaskOutputs(outputs.json))
            #expect(read == outputs)
            let tree = try JSONDecoder().decode(Tree.self, from: Data(value.json.rawValue.utf8))
            #expect(tree.text == Self.text(value))
        }
    }

    private static func value(_ random: inout SeededGenerator, depth: Int) -> ParameterValue {
        let texts = ["", "a", "\"\\/\n\r\t\u{0}\u{1F}\u{7F}", "größe 日本 👩‍👩‍👧", "null", "\u{2028}"]
        switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &random) {
        case 0: return .null
        case 1: return .bool(random.chance(50))
        case 2: return .int(Int.random(in: -1_000_000...1_000_000, using: &random))
        case 3: return .double(Double.random(in: -1e6...1e6, using: &random))
        case 4: return .string(texts.randomElement(using: &random)!)
        case 5:
            return .array((0..<Int.random(in: 0...3, using: &random)).map { _ in value(&random, depth: depth - 1) })
        default:
            var members: [(String, ParameterValue)] = []
            for index in 0..<Int.random(in: 0...3, using: &random) {
                members.append(("\(index)\(texts.randomElement(using: &random)!)", value(&random, depth: depth - 1)))
            }
            return .object(.init(uniqueKeysWithValues: members))
        }
    }

    private static func text(_ value: ParameterValue) -> String {
        switch value {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .int(let value): "\(Double(value))"
        case .double(let value): "\(value)"
        case .string(let value): "'\(value)'"
        case .template(let template): "\(template)"
        case .array(let items): "[\(items.map(text).joined(separator: ","))]"
        case .object(let members):
            "{\(members.map { "'\($0.key)':\(text($0.value))" }.sorted().joined(separator: ","))}"
        }
    }
}

/// Whatever Foundation reads, as text.
private struct Tree: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            text = "null"
        } else if let value = try? container.decode(Bool.self) {
            text = "\(value)"
        } else if let value = try? container.decode(Double.self) {
            text = "\(value)"
        } else if let value = try? container.decode(String.self) {
            text = "'\(value)'"
        } else if let items = try? container.decode([Tree].self) {
            text = "[\(items.map(\.text).joined(separator: ","))]"
        } else {
            let members = try container.decode([String: Tree].self)
            text = "{\(members.map { "'\($0.key)':\($0.value.text)" }.sorted().joined(separator: ","))}"
        }
    }
}
