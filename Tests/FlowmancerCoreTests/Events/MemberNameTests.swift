import Testing

@testable import FlowmancerCore

@Suite struct MemberNameTests {
    @Test(
        arguments: [
            ("load[eu]", "load", "load", "load"),
            ("each[eu]/fetch", "each[eu]", "each", "each/fetch"),
            ("publish/load[eu]", "publish/load", "publish/load", "publish/load"),
            ("a[1]/b[2]/c", "a[1]/b[2]", "a", "a/b/c"),
            ("m[x,y]", "m", "m", "m"),
        ]
    )
    func aMemberHasAGroupOfItems(task: String, group: String, items: String, definition: String) {
        #expect(MemberName.group(around: task) == group)
        #expect(MemberName.items(of: task, in: group) == items)
        #expect(MemberName.definition(of: task, in: group) == definition)
    }

    @Test func groupsAreFoundFromTheInside() {
        #expect(MemberName.groups(from: "a[1]/b[2]") == ["a[1]/b[2]", "a[1]/b", "a[1]", "a"])
        #expect(MemberName.groups(from: nil) == [])
    }

    @Test func theTaskOfAPlainSubJobRunsForNoItem() {
        #expect(MemberName.items(of: "publish/build", in: "publish") == nil)
        #expect(MemberName.definition(of: "publish/build", in: "publish") == "publish/build")
    }

    @Test(arguments: ["a/b", "a[1]", "[x]", "]", "a[b/c]", ""])
    func aNameThatOnlyLooksLikeIt(name: String) {
        #expect(MemberName.items(of: name, in: nil) == nil)
        #expect(MemberName.definition(of: name, in: nil) == name)
    }
}
