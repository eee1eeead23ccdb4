import FlowmancerCore
import Testing

@testable import FlowmancerEngine

@Suite struct ResumeCommandTests {
    private func text(
        _ words: [ResumeCommand.Word],
        directory: String = "/work",
        secrets: Set<String> = []
    ) -> String {
        ResumeCommand(directory: directory, words: words).text(hiding: secrets, masker: SecretMasker(secrets))
    }

    @Test func plainWordsAreNotQuoted() {
        #expect(text([.plain("./my-job"), .plain("-j"), .plain("a/job.yaml")]) == "cd /work && ./my-job -j a/job.yaml")
    }

    @Test(arguments: [
        ("two words", "'two words'"), ("it's", #"'it'\''s'"#), ("$HOME", "'$HOME'"), ("", "''"), ("~", "'~'"),
        ("a\nb", "'a\nb'"), ("a=b", "'a=b'"), ("größe", "'größe'"),
    ])
    func whatAShellWouldChangeIsQuoted(word: String, expected: String) {
        #expect(text([.plain("x"), .plain(word)]) == "cd /work && x \(expected)")
        #expect(text([.plain("x")], directory: word) == "cd \(expected) && x")
    }

    @Test func aVariableThatIsASecretIsHidden() {
        let words: [ResumeCommand.Word] = [.plain("x"), .plain("--var"), .variable(key: "pw", value: "hunter2")]
        #expect(text(words, secrets: ["hunter2"]) == "cd /work && x --var 'pw=***'")
        #expect(text(words, secrets: ["Bearer hunter2"]) == "cd /work && x --var 'pw=***'")
        #expect(text(words, secrets: ["other"]) == "cd /work && x --var 'pw=hunter2'")
    }

    /// Texts of fewer than four characters are masked nowhere else.
    @Test func aShortSecretIsHiddenAsTheValueOfAVariable() {
        #expect(text([.plain("x"), .variable(key: "pin", value: "12")], secrets: ["12"]) == "cd /work && x 'pin=***'")
        #expect(text([.plain("x"), .variable(key: "n", value: "12")], secrets: ["3412"]) == "cd /work && x 'n=12'")
    }

    @Test func aSecretWithinAWordIsMasked() {
        #expect(text([.plain("x"), .plain("/data/hunter2/y")], secrets: ["hunter2"]) == "cd /work && x '/data/***/y'")
        let longer = text([.plain("x"), .variable(key: "a", value: "user:hunter2")], secrets: ["hunter2"])
        #expect(longer == "cd /work && x 'a=user:***'")
    }
}
