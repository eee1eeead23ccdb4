import FlowmancerCore
import FoundationEssentials
import Testing

@Suite struct GroupDescriptionTests {
    private let parameters = GroupDescription(of: Everything.self).parameters

    private func parameter(_ key: String) throws -> ParameterDescription {
        try #require(parameters.first { $0.key == key })
    }

    @Test(
        arguments: [
            ("base_url", .url), ("flag", .boolean), ("count", .integer(minimum: nil, maximum: nil)),
            ("port", .integer(minimum: 0, maximum: 65_535)), ("ratio", .number), ("pause", .duration),
            ("day", .date), ("mode", .choice(["fast", "safe"])), ("level", .choice([1, 2])),
            ("hosts", .list(.text, isSet: false)), ("tags", .list(.text, isSet: true)),
            ("limits", .mapping(key: .text, value: .integer(minimum: nil, maximum: nil))),
            ("note", .optional(.text)), ("point", .optional(.custom(typeName: "Point"))), ("free", .any),
        ] as [(String, TypeDescription)]
    )
    func typesAreDescribed(key: String, type: TypeDescription) throws {
        #expect(try parameter(key).type == type)
    }

    @Test(
        arguments: [
            ("flag", true), ("count", 3), ("ratio", 0.5), ("pause", 90), ("day", "1970-01-01T00:00:00Z"),
            ("mode", "safe"), ("level", 2), ("hosts", ["b", "a"]), ("tags", ["a", "b"]), ("limits", ["x": 1, "y": 2]),
            ("note", nil), ("point", ["x": 1, "y": 2]), ("free", ["deep": [1, 2.5, nil]]), ("short", "250ms"),
            ("endless", "inf"), ("login", ["user": "me"]),
        ] as [(String, ParameterValue)]
    )
    func defaultsAreThoseThatAJobFileWouldHave(key: String, value: ParameterValue) throws {
        #expect(try parameter(key).presence == .optional(default: value))
    }

    @Test func aParameterWithoutADefaultIsRequired() throws {
        let url = try parameter("base_url")
        #expect(url.isRequired && url.defaultValue == nil)
        #expect(url.propertyName == "baseURL")
        #expect(url.help == "Where to look.")
    }

    @Test func theDefaultOfASecretIsNotTold() throws {
        let token = try parameter("token")
        #expect(token.isSecret && token.presence == .optional(default: nil))
        #expect(!"\(parameters)".contains("hidden"))
    }

    @Test func groupsAreDescribedWithTheirParametersAndMayHoldThemselves() throws {
        let tree = GroupDescription(of: Tree.self)
        let children = try #require(tree.parameters.first { $0.key == "children" })
        #expect(children.type == .list(.enclosingGroup(tree.typeName), isSet: false))
        #expect(
            tree.find([.key("children"), .index(3), .key("children"), .index(0), .key("name")]).parameter?.key == "name"
        )
    }

    @Test(
        arguments: [
            ("login.password", true, true), ("login.user", false, true), ("login.nope", false, false),
            ("token", true, true), ("baseURL", false, true), ("hosts[1]", false, true), ("hosts.x", false, false),
            ("free.a.b", false, true), ("logins.anyone.password", true, true),
        ]
    )
    func pathsLeadToParameters(path: String, isSecret: Bool, isKnown: Bool) throws {
        let steps = try #require(ParameterPath(parsing: path)).components
        let finding = GroupDescription(of: Everything.self).find(steps)
        #expect(finding.isSecret == isSecret)
        #expect(finding.isKnown == isKnown)
    }
}

private enum Mode: String, CaseIterable { case fast, safe }
private enum Level: Int, CaseIterable { case low = 1, high }

private struct Point: Codable {
    var x: Int
    var y: Int
}

private struct Login: ParameterGroup {
    @Parameter var user = "me"
    @Parameter(.secret) var password = "hidden"
}

private struct Tree: ParameterGroup, Sendable {
    @Parameter var name = ""
    @Parameter var children: [Tree]

    init() {}
}

private struct Everything: ParameterGroup {
    @Parameter("Where to look.") var baseURL: URL
    @Parameter var flag = true
    @Parameter var count = 3
    @Parameter var port: UInt16
    @Parameter var ratio = 0.5
    @Parameter var pause = Duration.seconds(90)
    @Parameter var short = Duration.milliseconds(250)
    @Parameter var day = Date(timeIntervalSince1970: 0)
    @Parameter var mode = Mode.safe
    @Parameter var level = Level.high
    @Parameter var hosts = ["b", "a"]
    @Parameter var tags: Set<String> = ["b", "a"]
    @Parameter var limits = ["y": 2, "x": 1]
    @Parameter var note: String?
    @Parameter var point: Point? = Point(x: 1, y: 2)
    @Parameter var free: ParameterValue = ["deep": [1, 2.5, nil]]
    @Parameter var endless = Double.infinity
    @Parameter var login = Login()
    @Parameter var logins: [String: Login] = [:]
    @Parameter(.secret) var token = "hidden"
}
