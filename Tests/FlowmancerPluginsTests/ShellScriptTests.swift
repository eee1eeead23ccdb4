import FlowmancerCore
import Foundation
import TestSupport
import Testing

@testable import FlowmancerPlugins

/// Values in commands, as real shells see them.
@Suite struct ShellScriptTests {
    private static let parts = [
        "echo ", "\"", "'", "$(", ")", "`", "${x:-", "${x", "}", "\\", "<<E\n", "<<'E'\n", "\nE\n", "#", " ", ";",
        "$((", "))",
        "\n", "x=", "|", "&", "$'", "$[", "]", "${x:", "1", "cat ", "(", ":", "-", "$", "!",
    ]

    /// However a command is written, and whatever the reader of quotes makes of it: a value is no code.
    @Test(arguments: ["/bin/sh", "/bin/bash"], 0..<4) func noTextMakesCodeOfAValue(shell: String, seed: UInt64) throws {
        guard FileManager.default.isExecutableFile(atPath: shell) else { return }
        let directory = FileManager.default.temporaryDirectory.appending(path: "script-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        var random = SeededGenerator(seed: seed)
        let value = ParameterValue.string(
            "x[$(touch injected)]'\"; touch injected; `touch injected`\n touch injected\nE\n"
        )
        let piece = ValueTemplate.Piece.value(ExpressionReference(.output, "a.b"), value)
        var tried = 0
        while tried < 40 {
            let pieces = (0..<Int.random(in: 2...14, using: &random)).map { _ -> ValueTemplate.Piece in
                Int.random(in: 0..<4, using: &random) == 0
                    ? piece : .text(Self.parts.randomElement(using: &random)!)
            }
            var issues: [JobIssue] = []
            let template = ValueTemplate(pieces + [piece])
            guard let script = ShellScript(template, at: ParameterPath(), issues: &issues) else { continue }
            tried += 1
            let process = Process()
            process.executableURL = URL(filePath: shell)
            process.arguments = ["-c", script.text]
            process.currentDirectoryURL = directory
            process.environment = ["PATH": "/usr/bin:/bin"]
            for variable in script.variables { process.environment?[variable.name] = variable.value }
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            let isInjected = FileManager.default.fileExists(atPath: directory.appending(path: "injected").path)
            #expect(!isInjected, "\(script.text)")
            if isInjected { return }
        }
    }

    @Test func theSameVariableIsPassedOnce() throws {
        var issues: [JobIssue] = []
        let pieces = [("a.b", "1"), ("a.c", "2"), ("a.b", "1")].map { name, value in
            ValueTemplate.Piece.value(ExpressionReference(.output, name), .string(value))
        }
        let template = ValueTemplate([.text("x "), pieces[0], pieces[1], .text(" \""), pieces[2], .text("\"")])
        let script = try #require(ShellScript(template, at: ParameterPath(), issues: &issues))
        #expect(script.text == #"x "${FLOWMANCER_VALUE_1}""${FLOWMANCER_VALUE_2}" "${FLOWMANCER_VALUE_1}""#)
        #expect(script.variables.map(\.value) == ["1", "2"])
        #expect(script.shown == #"x $OUT{a.b}$OUT{a.c} "$OUT{a.b}""#)
    }

    @Test(arguments: ["a\u{0}b", String(repeating: "x", count: 200_000)]) func whatNoProgramTakesIsRefused(text: String)
    {
        var issues: [JobIssue] = []
        let piece = ValueTemplate.Piece.value(ExpressionReference(.output, "a.b"), .string(text))
        #expect(ShellScript(ValueTemplate([piece]), at: ParameterPath(), issues: &issues) == nil)
        #expect(issues.count == 1)
    }
}
