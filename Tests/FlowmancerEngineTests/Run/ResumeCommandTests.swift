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

    @Test func bytesThatAreNoTextAreSpelled() {
        let name = String(systemBytes: Array("caf".utf8) + [0xE9] + Array("é's\\".utf8))
        #expect(text([.plain("x"), .plain(name)]) == #"cd /work && x $'caf\xE9é\'s\\'"#)
    }

    @Test func aVariableThatIsASecretIsHidden() {
        let words: [ResumeCommand.Word] = [.plain("x"), .plain("--var"), .variable(key: "pw", value: "hunter2")]
        #expect(text(words, secrets: ["hunter2"]) == #"cd /work && x --var pw="${PW:?the secret pw}""#)
        #expect(text(words, secrets: ["Bearer hunter2"]) == #"cd /work && x --var pw="${PW:?the secret pw}""#)
        #expect(text(words, secrets: ["other"]) == "cd /work && x --var 'pw=hunter2'")
    }

    /// Texts of fewer than four characters are masked nowhere else.
    @Test func aShortSecretIsHiddenAsTheValueOfAVariable() {
        let short = text([.plain("x"), .variable(key: "pin", value: "12")], secrets: ["12"])
        #expect(short == #"cd /work && x pin="${PIN:?the secret pin}""#)
        #expect(text([.plain("x"), .variable(key: "n", value: "12")], secrets: ["3412"]) == "cd /work && x 'n=12'")
    }

    @Test func aSecretWithinAWordIsMasked() {
        #expect(text([.plain("x"), .plain("/data/hunter2/y")], secrets: ["hunter2"]) == "cd /work && x '/data/***/y'")
        let longer = text([.plain("x"), .variable(key: "a", value: "user:hunter2")], secrets: ["hunter2"])
        #expect(longer == #"cd /work && x a="${A:?the secret a}""#)
    }

    @Test(arguments: [
        ("api-key.2", #"api-key.2="${API_KEY_2:?the secret api_key_2}""#),
        ("2fa", #"2fa="${SECRET_2FA:?the secret 2fa}""#),
        ("user", #"user="${SECRET_USER:?the secret user}""#),
        ("a$(id)`\"\\}", #"'a$(id)`"\}'="${A__ID_____:?the secret a__id_____}""#),
        ("it's", #"'it'\''s'="${IT_S:?the secret it_s}""#),
        ("größe", #"'größe'="${GR__E:?the secret gr__e}""#),
        ("", #"''="${SECRET_:?the secret }""#),
    ])
    func theKeyOfASecretHasNoMeaningForAShell(key: String, expected: String) {
        #expect(text([.variable(key: key, value: "hunter2")], secrets: ["hunter2"]) == "cd /work && \(expected)")
    }
}
