import FlowmancerCore
import Testing

@Suite struct ParameterPathTests {
    @Test(
        arguments: [
            "tasks.a.parameters.hosts[0]", #"tasks."a.b".task"#, #"tasks."a \"b\" \\ [1]""#, "x", "x[0][12].y",
            #""".a"#,
        ]
    )
    func whatIsWrittenIsRead(text: String) throws {
        #expect(try #require(ParameterPath(parsing: text)).description == text)
    }

    @Test(arguments: ["", ".", "a.", "a..b", "[0]", "a[", "a[]", "a[-1]", #"a."b"#, "a[0]b", #""a"b"#])
    func textOfAnotherFormIsNoPath(text: String) {
        #expect(ParameterPath(parsing: text) == nil)
    }
}
