import FlowmancerCore
import ProgramTestSupport
import TestSupport
import Testing

@testable import FlowmancerSlurm

struct ShellWordTests {
    @Test(arguments: [
        ("", "''"), ("/opt/a-b_c.1:2,3+4@5%6", "/opt/a-b_c.1:2,3+4@5%6"), ("a b", "'a b'"), ("it's", #"'it'\''s'"#),
        ("$HOME `x` \\ \"", #"'$HOME `x` \ "'"#), ("a\nb\r\t\\'", #"$'a\012b\015\011\\\''"#), ("~", "'~'"),
        ("é", "'é'"),
        // A combining character behind a quote makes one character with it.
        ("'\u{301}", "''\\''\u{301}'"),
    ])
    func wordsAreQuotedWhereTheyHaveTo(text: String, word: String) {
        #expect(ShellWord.quoted(text) == word)
    }

    @Test func bashReadsWhatWasQuoted() throws {
        let texts = [
            "", "plain", "two words", "it's", "'", "''\"\"", "$HOME", "$(id)", "`id`", "a\\", "\\n", "line\nline\n",
            "\r\n",
            "\u{1}\u{7F}", "!history", "~root", "*", "-n", "{a,b}", "ä€🙂", "x\u{301}'", "a\u{1B}[2Jb", "#no",
            "a=b;c&d|e<f>g",
        ]
        let directory = try TemporaryDirectory()
        let script = "printf '%s\\0' \(texts.map(ShellWord.quoted).joined(separator: " "))\n"
        try directory.write(Array(script.utf8), to: "script")
        let output = "\(directory.path)/output"
        let pid = try spawn("/bin/bash", ["bash", "\(directory.path)/script"], environment: [], output: output)
        #expect(exitCode(of: pid) == 0)
        let read = try directory.text("output").split(separator: "\0", omittingEmptySubsequences: false).dropLast()
        #expect(read.map(String.init) == texts)
    }
}
