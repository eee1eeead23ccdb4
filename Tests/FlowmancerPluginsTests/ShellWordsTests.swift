import TestSupport
import Foundation
import Testing

@testable import FlowmancerPlugins

/// Which commands take no shell, and what their words are.
@Suite struct ShellWordsTests {
    @Test(arguments: [
        ("make", ["make"]),
        ("  make \t all  ", ["make", "all"]),
        ("make all\n", ["make", "all"]),
        ("\n\nmake all \n\n", ["make", "all"]),
        ("tar --create --file=a.tar 'my files'", ["tar", "--create", "--file=a.tar", "my files"]),
        ("dd if=a of=b", ["dd", "if=a", "of=b"]),
        ("grep 'a b'\"c d\"e\\ f", ["grep", "a bc de f"]),
        ("printenv ''", ["printenv", ""]),
        ("printenv \"\" ''", ["printenv", "", ""]),
        ("'' x", ["", "x"]),
        ("grep '$HOME `x` * \\ \"'", ["grep", "$HOME `x` * \\ \""]),
        ("grep \"a'b|c;d*e\"", ["grep", "a'b|c;d*e"]),
        (#"grep "\$ \` \" \\ \n \x""#, ["grep", #"$ ` " \ \n \x"#]),
        (#"grep \$ \* \' \a"#, ["grep", "$", "*", "'", "a"]),
        ("make \\\n  all", ["make", "all"]),
        ("ma\\\nke", ["make"]),
        ("grep \"a\\\nb\"", ["grep", "ab"]),
        ("grep 'a\nb'", ["grep", "a\nb"]),
        ("/bin/echo x", ["/bin/echo", "x"]),
        ("grep \u{301} \"\u{301}\" é\r\u{a0}x", ["grep", "\u{301}", "\u{301}", "é\r\u{a0}x"]),
        ("", []), (" \n\t", []),
    ])
    func wordsAreThoseOfAShell(text: String, words: [String]) {
        #expect(ShellWords.simpleCommand(in: text) == (words.isEmpty ? nil : words))
    }

    @Test(arguments: [
        "a | b", "a; b", "a && b", "a&", "a > b", "a < b", "(a)", "a $b", "a `b`", "a \"$b\"", "a \"`b`\"", "a *",
        "a ?",
        "a [b]", "a ~", "a ~/b", "a {b,c}", "! a", "a # b", "a\nb", "a=b c", "A=1", "\"A\"=b", "a 'b", "a \"b", "a \\",
        "a \"b\\", "echo a", "cd b", "if", "test -e a", "true", ".", "'exit' 3", "e\\xit",
    ])
    func theRestIsForAShell(text: String) {
        #expect(ShellWords.simpleCommand(in: text) == nil)
    }

    /// Random texts: where there are words, `/bin/sh` finds the same ones.
    @Test(arguments: 0..<4)
    func randomCommandsHaveTheWordsOfTheShell(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let pieces = [
            "a", "b1", "-x", "é", " ", "  ", "\t", "'", "'", "\"", "\"", "\\", "\\", "\n", "=", "%", "/", ",", "$", "#",
            "|", "*",
            "''", "' '", "\" \"", "\\\\", "\\'", "\\\"", "\\$", "\\\n", ":", "@", "+", "\r", "^", "!",
        ]
        var script = ""
        var expected = ""
        for _ in 0..<2_000 {
            let length = Int.random(in: 1...12, using: &generator)
            let text = "cat " + (0..<length).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            guard let words = ShellWords.simpleCommand(in: text) else { continue }
            script += "\(text)\n"
            expected += words.dropFirst().map { "<\($0)>" }.joined() + ";"
        }
        #expect(expected.count > 1_000)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        let directory = try TemporaryDirectory()
        let show = "cat() { for word in \"$@\"; do printf '<%s>' \"$word\"; done; printf ';'; }\n"
        try (show + script).write(toFile: directory.path + "/script", atomically: true, encoding: .utf8)
        process.arguments = [directory.path + "/script"]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(String(decoding: output, as: UTF8.self) == expected)
    }
}
