import Foundation
import TestSupport
import Testing

@testable import FlowmancerSlurm

struct PilotScriptTests {
    /// Runs a script as Slurm would.
    ///
    /// - Returns: Its exit code, and what it printed.
    private func run(_ script: PilotScript, in directory: TemporaryDirectory) throws -> (code: UInt8, text: String) {
        try directory.write(Array(script.text.utf8), to: "script")
        let pid = try spawn(
            "/bin/bash",
            ["bash", "\(directory.path)/script"],
            environment: ["SLURMD_NODENAME=node7", "PATH=/usr/bin:/bin"],
            output: "\(directory.path)/output"
        )
        return (exitCode(of: pid), (try? directory.text("output")) ?? "")
    }

    /// Writes a program that prints its directory, its number and its arguments.
    private func makeProgram(_ name: String, in directory: TemporaryDirectory) throws -> String {
        let text = #"#!/bin/bash"# + "\n" + #"printf '%s\n' "$PWD" "$PPID" "$VARIABLE" "$@""# + "\n"
        try directory.write(Array(text.utf8), to: name)
        chmod("\(directory.path)/\(name)", 0o700)
        return "\(directory.path)/\(name)"
    }

    @Test func programRunsInTheAppRootWithItsArguments() throws {
        let directory = try TemporaryDirectory()
        let root = "a 'root' with $HOME, \"quotes\" and\na line"
        try directory.makeDirectory(root)
        let script = PilotScript(
            root: "\(directory.path)/\(root)",
            program: try makeProgram("my program's $name", in: directory),
            arguments: ["pilot", "--job", "a b", "*"],
            invitation: "/tmp/it's here"
        )
        let (code, text) = try run(script, in: directory)
        #expect(code == 0)
        // It is in place of the shell: its parent is this process.
        #expect(text == "\(directory.path)/\(root)\n\(getpid())\n\npilot\n--job\na b\n*\n/tmp/it's here\n")
    }

    @Test func setupComesFirst() throws {
        let directory = try TemporaryDirectory()
        let script = PilotScript(
            root: directory.path,
            program: try makeProgram("program", in: directory),
            arguments: [],
            invitation: "/i",
            setup: ["export VARIABLE='set up'\r\n", "cd /", "# nothing", "if true; then\n  true # fine\nfi"]
        )
        let (code, text) = try run(script, in: directory)
        #expect(code == 0)
        #expect(text == "\(directory.path)\n\(getpid())\nset up\n/i\n")
    }

    @Test func failedSetupIsTold() throws {
        let directory = try TemporaryDirectory()
        let script = PilotScript(
            root: directory.path,
            program: try makeProgram("program", in: directory),
            arguments: [],
            invitation: "/i",
            setup: ["true", "( exit 3 )"]
        )
        let (code, text) = try run(script, in: directory)
        #expect(code == 1)
        #expect(text == "node7: item 2 of 'setup' failed with exit code 3\n")
    }

    @Test func missingAppRootIsTold() throws {
        let directory = try TemporaryDirectory()
        let script = PilotScript(
            root: "\(directory.path)/no where",
            program: try makeProgram("program", in: directory),
            arguments: [],
            invitation: "/i"
        )
        let (code, text) = try run(script, in: directory)
        #expect(code == 1)
        #expect(
            text.contains(
                "node7: cannot enter the app root '\(directory.path)/no where': the app root must be in a file"
            )
        )
    }

    @Test func missingProgramIsTold() throws {
        let directory = try TemporaryDirectory()
        for program in ["no program", "script"] {
            let path = "\(directory.path)/\(program)"
            let script = PilotScript(root: directory.path, program: path, arguments: [], invitation: "/i")
            let (code, text) = try run(script, in: directory)
            #expect(code == 1)
            #expect(
                text.hasSuffix(
                    "there is no program '\(path)' that can be executed: the app root must be in a file system "
                        + "that the engine's machine and this node share, with one path\n"
                )
            )
        }
    }

    @Test func everythingButSetupIsOnOneLine() {
        let script = PilotScript(root: "/a\n#SBATCH -x\r\n", program: "/b\n", arguments: ["\n"], invitation: "\n/i")
        let lines = script.text.split(separator: "\n")
        #expect(lines.count == 6)
        #expect(!lines.contains { $0.hasPrefix("#SBATCH") })
        #expect(!script.text.utf8.contains(UInt8(ascii: "\r")))
        #expect(!script.hasZero)
        #expect(PilotScript(root: "/a", program: "/b", arguments: ["\0"], invitation: "/i").hasZero)
    }
}
