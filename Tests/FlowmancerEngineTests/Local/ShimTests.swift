import FlowmancerCore
import FlowmancerSystem
import Testing

/// A shim, driven over its socket.
@Suite struct ShimTests {
    @Test func commandsRunOneAfterTheOther() throws {
        let shim = try Shim()
        for number in UInt64(1)...20 {
            let report = try shim.run(["sh", "-c", "echo \(number); echo error >&2; exit \(number)"], attempt: number)
            #expect(report.attempt == number)
            #expect(report.outcome() == .ended(status: Int32(number) << 8, output: nil))
            #expect(!report.hasLeftovers && !report.wasToldToEnd)
            #expect(shim.output.read() == "\(number)\n" && shim.errors.read() == "error\n")
        }
    }

    @Test func outputIsMergedOnRequestOnly() throws {
        let shim = try Shim()
        for isMerged in [true, false, true] {
            shim.send(
                CommandRequest(words: ["sh", "-c", "echo a; echo b >&2"]).frame(attempt: 1, mergesOutput: isMerged)
            )
            _ = try shim.report()
            #expect(shim.output.read() == (isMerged ? "a\nb\n" : "a\n"))
            #expect(shim.errors.read() == (isMerged ? "" : "b\n"))
        }
    }

    @Test func longInputArrivesWhole() throws {
        let shim = try Shim()
        var request = CommandRequest(words: ["wc", "-c"])
        for count in [3_000_000, 0, 1] {
            request.input = String(repeating: "x", count: count)
            shim.send(request.frame(attempt: 1, mergesOutput: false))
            #expect(try shim.report().outcome() == .ended(status: 0, output: nil))
            #expect(shim.output.read() == "\(count)\n")
        }
    }

    @Test func theLastChangeOfAVariableCounts() throws {
        let shim = try Shim()
        var request = CommandRequest(words: ["printenv", "A", "B", "C"])
        request.environment = ["A": "own", "B": nil]
        shim.send(request.frame(attempt: 1, mergesOutput: false, adding: ["A": "added", "B": "added", "C": "added"]))
        #expect(try shim.report().outcome() == .ended(status: 1 << 8, output: nil))
        #expect(shim.output.read() == "own\nadded\n")
    }

    @Test func whatEachCommandPublishesIsInItsReport() throws {
        let shim = try Shim()
        func outputs(_ script: String) throws -> String {
            guard case .bytes(let bytes) = try shim.run(["sh", "-c", script], attempt: 1).outputs else { return "-" }
            return String(decoding: bytes, as: UTF8.self)
        }
        #expect(try outputs("true") == "")
        #expect(try outputs("echo a=1 > $FLOWMANCER_OUTPUT; (echo b=2 >> $FLOWMANCER_OUTPUT)") == "a=1\nb=2\n")
        #expect(try outputs("cat $FLOWMANCER_OUTPUT; exit 1") == "" && shim.output.read() == "")
        #expect(try outputs("echo c=3 > $FLOWMANCER_OUTPUT; : > $FLOWMANCER_OUTPUT") == "")
        #expect(try outputs("echo d=4 > $FLOWMANCER_OUTPUT; exit 1") == "d=4\n")
        // Longer than the memory of most commands.
        #expect(try outputs("head -c 300000 /dev/zero | tr '\\0' x > $FLOWMANCER_OUTPUT").utf8.count == 300_000)
        // Without a descriptor that it could have inherited.
        let closed = "exec 4>&- 5>&- 6>&-; ls /proc/self/fd | wc -l; sh -c 'echo e=5 > $FLOWMANCER_OUTPUT'"
        #expect(try outputs(closed) == "e=5\n")
        let large = "truncate -s 100M $FLOWMANCER_OUTPUT"
        #expect(try shim.run(["sh", "-c", large], attempt: 2).outputs == .tooLarge(100 << 20))
    }

    @Test func failuresNameTheirReason() throws {
        let shim = try Shim()
        let report = try shim.run(["surely-no-command"], attempt: 1)
        guard case .notStarted(let failure) = report.outcome() else {
            Issue.record("\(report)")
            return
        }
        #expect(failure.problem == .notFound && failure.subject == "surely-no-command")
        #expect(failure.detail == ProcessContext.variable("PATH"))
        #expect(try shim.run(["true"], attempt: 2).outcome() == .ended(status: 0, output: nil))
    }

    @Test func aCommandThatIsToldToEndInTimeIsNotStarted() throws {
        let shim = try Shim()
        let request = CommandRequest(words: ["echo", "started"])
        shim.send(request.frame(attempt: 1, mergesOutput: false) + CommandRequest.ending(attempt: 1))
        #expect(try shim.report().wasToldToEnd)
        #expect(shim.output.read() == "")
    }

    @Test func theEndOfAnotherAttemptIsNotMinded() throws {
        let shim = try Shim()
        shim.send(CommandRequest.ending(attempt: 1))
        shim.send(CommandRequest(words: ["sleep", "600"]).frame(attempt: 2, mergesOutput: false))
        shim.send(CommandRequest.ending(attempt: 1) + CommandRequest.ending(attempt: 2))
        let report = try shim.report()
        #expect(report.attempt == 2 && report.wasToldToEnd)
        #expect(try !shim.run(["true"], attempt: 3).wasToldToEnd)
    }

    @Test func orphansAreReapedAndLeftoversAreReported() throws {
        let shim = try Shim()
        let script = """
            for i in 1 2 3; do (setsid sh -c 'exit 1' &); done
            while [ "$(cat /proc/$PPID/task/$PPID/children)" != "$$ " ]; do sleep 0.01; done
            """
        #expect(try !shim.run(["sh", "-c", script], attempt: 1).hasLeftovers)
        #expect(try shim.run(["sh", "-c", "setsid sleep 600 & exit 0"], attempt: 2).hasLeftovers)
    }

    @Test(arguments: [true, false]) func theEndOfTheConnectionIsItsEnd(isIdle: Bool) throws {
        let shim = try Shim()
        if !isIdle { shim.send(CommandRequest(words: ["sleep", "600"]).frame(attempt: 1, mergesOutput: false)) }
        #expect(shim.end() == .exited(code: isIdle ? 0 : 87))
    }

    /// The engine distrusts what a shim sends, and a shim what it is sent: a process that gets at the socket ends it, and no
    /// more.
    @Test(arguments: [
        (at: 0, value: UInt32(0)), (at: 0, value: 39), (at: 16, value: 0), (at: 16, value: .max),
        (at: 20, value: 1_000),
        (at: 24, value: .max), (at: 28, value: .max), (at: 28, value: 5), (at: 4, value: 3),
        (at: 41, value: 0x7878_7878),
    ])
    func anImpossibleMessageEndsIt(at offset: Int, value: UInt32) throws {
        let shim = try Shim()
        var frame = CommandRequest(words: ["true"]).frame(attempt: 1, mergesOutput: false)
        withUnsafeBytes(of: value) { frame.replaceSubrange(offset..<offset + 4, with: $0) }
        shim.send(frame)
        #expect(shim.hasLeft())
        #expect(shim.end() == .exited(code: 87))
    }
}
