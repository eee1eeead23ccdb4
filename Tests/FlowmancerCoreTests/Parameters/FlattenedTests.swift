import OrderedCollections
import Testing

@testable import FlowmancerCore

@Suite struct FlattenedTests {
    @Test func parametersOfAGroupStandBesideThoseOfItsOwner() {
        let (upload, messages) = bind(
            Upload.self,
            ["file": "f", "host": "h", "timeout": 5, "userName": "me", "depth": "3"]
        )
        #expect(messages == [])
        #expect((upload.file, upload.server.host, upload.server.timeout) == ("f", "h", 5))
        #expect(upload.server.login.userName == "me")
        #expect(upload.limits.depth == 3)
    }

    @Test func defaultsAreThoseOfTheGroupOrOfTheProperty() {
        let upload = bind(Upload.self, ["file": "f", "host": "h"]).instance
        #expect((upload.server.timeout, upload.server.login.userName) == (10, "nobody"))
        // The property has a group of its own.
        #expect(upload.limits.depth == 7)
    }

    @Test func mistakesAreReportedAsThoseOfOneType() {
        let messages = bind(Upload.self, ["timeout": "x", "hosts": "h", "user_name": 1, "userName": "b"]).messages
        #expect(
            messages == [
                "p: the required key 'host' is missing; expected text",
                "p.timeout: expected an integer, found the text \"x\"",
                "p.userName: 'user_name' and 'userName' are two spellings of one key; keep one of them",
                "p: the required key 'file' is missing; expected text",
                "p.hosts: unknown key 'hosts'; did you mean 'host'?",
            ]
        )
        // The names of the properties are no keys.
        let grouped = bind(Upload.self, ["file": "f", "host": "h", "server": ["host": "h"]]).messages
        #expect(grouped.map { $0.hasPrefix("p.server: unknown key 'server'") } == [true])
    }

    @Test func parametersAreInTheOrderOfTheirDeclaration() {
        let entries = ParameterBinder.parameters(of: Upload())
        #expect(entries.map(\.key) == ["host", "timeout", "user_name", "password", "file", "depth"])
        #expect(entries.allSatisfy { $0.namesake == nil })
    }

    @Test func copiesStayIndependent() {
        let original = bind(Upload.self, ["file": "f", "host": "h"]).instance
        var copy = original
        copy.server.host = "other"
        copy.limits.depth = 1
        #expect((original.server.host, original.limits.depth) == ("h", 7))
        #expect((copy.server.host, copy.limits.depth) == ("other", 1))
    }

    @Test func instancesDoNotShareTheirGroups() {
        let first = bind(Upload.self, ["file": "f", "host": "a"]).instance
        let second = bind(Upload.self, ["file": "f", "host": "b"]).instance
        #expect((first.server.host, second.server.host) == ("a", "b"))
    }

    @Test func classesMayFlattenAndBeFlattened() {
        let (holder, messages) = bind(Holder.self, ["own": 1, "inner": 2])
        #expect(messages == [])
        #expect((holder.own, holder.content.inner) == (1, 2))
    }

    @Test func groupsOfParametersMayFlatten() {
        let (nested, messages) = bind(Nested.self, ["uploads": [["file": "f", "host": "h", "depth": 2]]])
        #expect(messages == [])
        #expect(nested.uploads.first?.limits.depth == 2)
        #expect(nested.uploads.first?.server.host == "h")
    }

    // MARK: Two parameters of one name

    @Test func aNameThatIsThereTwiceIsAnErrorThatNamesBoth() {
        let expected =
            "p.host: two parameters are named 'host', Server.host and Twice.host; "
            + "rename one of these properties in Swift"
        #expect(bind(Twice.self, ["host": "a"]).messages == [expected])
        #expect(bind(Twice.self, [:]).messages == ["p: the required key 'host' is missing; expected text", expected])
    }

    @Test func twoSpellingsOfOneKeyAreTheSameName() {
        #expect(
            bind(Spellings.self, ["max_depth": 1]).messages == [
                "p.max_depth: two parameters are named 'max_depth', Spellings.maxDepth and Spellings.max_depth; "
                    + "rename one of these properties in Swift"
            ]
        )
    }

    /// Not even this ends the process.
    @Test func aClassThatFlattensItselfIsReported() {
        let messages = bind(Endless.self, ["x": 1]).messages
        #expect(
            messages == [
                "p.x: two parameters are named 'x', Endless.x and Endless.x; rename one of these properties in Swift"
            ]
        )
    }

    // MARK: What is known of the parameters

    @Test func descriptionsHaveThemInTheSamePlace() throws {
        let description = GroupDescription(of: Upload.self)
        #expect(description.parameters.map(\.key) == ["host", "timeout", "user_name", "password", "file", "depth"])
        #expect(description.parameters.first { $0.key == "depth" }?.defaultValue == 7)
        #expect(description.find([.key("userName")]).parameter?.help == "Who.")
        #expect(description.find([.key("password")]).isSecret)
        #expect(!description.find([.key("server")]).isKnown)
    }

    @Test func secretsAreFound() {
        var job = JobDefinition(name: "j")
        job.tasks["a"] = TaskDefinition(
            "UploadTask",
            parameters: ["file": "f", "host": "h", "password": "hunter2-hunter2"]
        )
        var catalog = TypeCatalog()
        catalog.register(UploadTask.self)
        let secrets = JobSecrets(job, catalog: catalog)
        #expect(secrets.texts.contains("hunter2-hunter2"))
        #expect(
            secrets.redactedJob.tasks["a"]?.parameters == ["file": "f", "host": "h", "password": "***"]
        )
        var dumped = ""
        dump(bind(UploadTask.self, ["file": "f", "host": "h", "password": "hunter2-hunter2"]).instance, to: &dumped)
        #expect(dumped.contains("***") && !dumped.contains("hunter2"), "\(dumped)")
    }

    @Test func aValueIsDescribedWithThem() {
        let upload = bind(Upload.self, ["file": "f", "host": "h"]).instance
        let expected: ParameterValue = [
            "host": "h", "timeout": 10, "user_name": "nobody", "file": "f", "depth": 7,
        ]
        #expect(ParameterValue(describing: upload) == expected)
    }

    struct Login: ParameterGroup {
        @Parameter("Who.") var userName = "nobody"
        @Parameter(.secret) var password: String?
    }

    struct Server: ParameterGroup {
        @Parameter var host: String
        @Parameter var timeout = 10
        @Flattened var login: Login
    }

    struct Limits: ParameterGroup {
        @Parameter var depth = 1

        init() {}

        init(depth: Int) { self.depth = depth }
    }

    struct Upload: ParameterGroup {
        @Flattened var server: Server
        @Parameter var file: String
        @Flattened var limits = Limits(depth: 7)
    }

    struct UploadTask: FlowTask {
        @Flattened var upload: Upload

        func run() async throws {}
    }

    struct Nested: ParameterGroup {
        @Parameter var uploads: [Upload]
    }

    struct Twice: ParameterGroup {
        @Flattened var server: Server
        @Parameter var host = ""
    }

    struct Spellings: ParameterGroup {
        @Parameter var maxDepth = 0
        @Parameter var max_depth = 0
    }

    final class Content: ParameterGroup, @unchecked Sendable {
        @Parameter var inner: Int

        init() {}
    }

    final class Holder: ParameterGroup {
        @Parameter var own: Int
        @Flattened var content: Content

        init() {}
    }

    final class Endless: ParameterGroup, Sendable {
        let _x = Parameter(wrappedValue: 0)
        let _next = Flattened<Endless>()

        init() {}
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
