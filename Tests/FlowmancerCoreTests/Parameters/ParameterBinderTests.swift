import FlowmancerCore
import OrderedCollections
import Testing

@Suite struct ParameterBinderTests {
    @Test func valuesReplaceDefaults() {
        let (settings, messages) = bind(Settings.self, ["base_url": "x", "port": "81", "details": ["max_depth": 3]])
        #expect(messages == [])
        #expect(settings.baseURL == "x")
        #expect(settings.port == 81)
        #expect(settings.proxy == nil)
        #expect(settings.details?.maxDepth == 3)
        #expect(settings.details?.leaf.name == "leaf")
    }

    @Test func bothSpellingsOfAKeyWork() {
        #expect(bind(Settings.self, ["baseURL": "x"]).instance.baseURL == "x")
        #expect(bind(Settings.self, ["base_url": "x"]).instance.baseURL == "x")
        #expect(
            bind(Settings.self, ["base_url": "x", "baseURL": "y"]).messages == [
                "p.baseURL: 'base_url' and 'baseURL' are two spellings of one key; keep one of them"
            ]
        )
    }

    @Test func allErrorsAreReportedTogether() {
        let messages = bind(
            Settings.self,
            ["port": "x", "prot": 1, "details": ["max_dept": 3, "leaf": ["nam": "n", "name": 5]]]
        ).messages
        #expect(
            messages == [
                "p: the required key 'base_url' is missing; expected text",
                "p.port: expected an integer, found the text \"x\"",
                "p.details.leaf.name: expected text, found the number 5",
                "p.details.leaf.nam: unknown key 'nam'; did you mean 'name'?",
                "p.details.max_dept: unknown key 'max_dept'; did you mean 'max_depth'?",
                "p.prot: unknown key 'prot'; did you mean 'port'?",
            ]
        )
    }

    @Test func unknownKeysInListsOfGroupsAreErrors() {
        #expect(
            bind(Lists.self, ["leaves": [["name": "a"], ["nome": "b"]]]).messages == [
                "p.leaves[1].nome: unknown key 'nome'; did you mean 'name'?"
            ]
        )
        #expect(bind(Lists.self, ["leaves": [["name": "a"], [:]]]).instance.leaves.map(\.name) == ["a", "leaf"])
    }

    @Test func aTypeWithoutParametersAllowsNoKey() {
        #expect(bind(Bare.self, ["x": 1]).messages == ["p.x: unknown key 'x'; no key is allowed here"])
    }

    @Test func copiesStayIndependent() {
        let original = bind(Settings.self, ["base_url": "x"]).instance
        var copy = original
        copy.port = 99
        copy.baseURL = "y"
        #expect((original.port, original.baseURL) == (80, "x"))
        #expect((copy.port, copy.baseURL) == (99, "y"))
    }

    @Test func instancesDoNotShareTheirDefaults() {
        let first = bind(Settings.self, ["base_url": "x", "port": 1]).instance
        let second = bind(Settings.self, ["base_url": "x"]).instance
        #expect((first.port, second.port) == (1, 80))
    }

    @Test func classesInheritParameters() {
        let derived = bind(Derived.self, ["own": 2, "inherited": 3]).instance
        #expect((derived.own, derived.inherited) == (2, 3))
        #expect(ParameterBinder.parameters(of: derived).map(\.key) == ["inherited", "own"])
    }

    @Test func actorsHaveParameters() async {
        let (counter, messages) = bind(Counter.self, ["start_value": 4])
        #expect(messages == [])
        #expect(await counter.startValue == 4)
    }

    @Test func parametersTellAboutThemselves() {
        let entries = ParameterBinder.parameters(of: Settings())
        #expect(entries.map(\.propertyName) == ["baseURL", "port", "proxy", "details"])
        #expect(entries.map(\.key) == ["base_url", "port", "proxy", "details"])
        #expect(entries.map(\.parameter.isRequired) == [true, false, false, false])
        #expect(entries.map(\.parameter.help) == ["Where.", "", "", ""])
    }

    @Test(
        arguments: [
            ("name", "name"), ("myName", "my_name"), ("baseURL", "base_url"), ("myURLPath", "my_url_path"),
            ("URL", "url"), ("already_snake", "already_snake"), ("x1Y2", "x1_y2"), ("aB", "a_b"), ("", ""),
            ("isHTTP2On", "is_http2_on"), ("ünderÜber", "ünder_über"),
        ]
    )
    func keysAreSnakeCase(name: String, key: String) {
        #expect(ParameterKey.snakeCase(name) == key)
    }

    struct Settings: ParameterGroup {
        @Parameter("Where.") var baseURL: String
        @Parameter var port = 80
        @Parameter var proxy: String?
        @Parameter var details: Details?
        var unrelated = 1
    }

    struct Details: ParameterGroup {
        @Parameter var maxDepth = 1
        @Parameter var leaf = Leaf()
    }

    struct Leaf: ParameterGroup {
        @Parameter var name = "leaf"
    }

    struct Lists: ParameterGroup {
        @Parameter var leaves: [Leaf]
    }

    struct Bare: ParameterGroup {}

    class Base: ParameterGroup {
        @Parameter var inherited = 0
        required init() {}
    }

    final class Derived: Base {
        @Parameter var own = 0
    }

    actor Counter: ParameterGroup {
        @Parameter var startValue = 0
    }
}

private func bind<Group: ParameterGroup>(
    _ type: Group.Type,
    _ members: OrderedDictionary<String, ParameterValue>
) -> (instance: Group, messages: [String]) {
    var issues: [JobIssue] = []
    let instance = ParameterBinder.make(type, from: members, at: ParameterPath("p"), issues: &issues)
    return (instance, issues.map { "\($0.path): \($0.message)" })
}
