import FlowmancerCore
import FlowmancerSystem
import Foundation
import Testing

/// A shim that is given its next command while it runs another.
@Suite struct ShimHoldingTests {
    /// Commands that wait for a file, and the file.
    private struct Gate {
        let path = FileManager.default.temporaryDirectory.appending(path: "flowmancer-gate-\(UUID().uuidString)").path

        func waiting(then rest: String = "exit 0") -> [String] {
            ["sh", "-c", "until [ -e \(path) ]; do sleep 0.01; done; \(rest)"]
        }

        func open() { _ = FileManager.default.createFile(atPath: path, contents: nil) }
        func remove() { try? FileManager.default.removeItem(atPath: path) }
    }

    @Test func everyCommandWritesToItsOwnPair() throws {
        let shim = try Shim()
        func send(_ number: UInt64) {
            shim.send(
                ["sh", "-c", "echo \(number); echo error \(number) >&2; exit \(number)"],
                attempt: number,
                toSecond: number.isMultiple(of: 2)
            )
        }
        send(1)
        for number in UInt64(1)...40 {
            if number < 40 { send(number + 1) }
            let report = try shim.report()
            #expect(report.attempt == number && !report.wasReturned && !report.hasLeftovers)
            #expect(report.outcome() == .ended(status: Int32(number) << 8, output: nil))
            let pair = shim.pairs[number.isMultiple(of: 2) ? 1 : 0]
            #expect(pair.output.read() == "\(number)\n" && pair.errors.read() == "error \(number)\n")
        }
    }

    @Test(arguments: [false, true]) func outputIsMergedInEitherPair(toSecond: Bool) throws {
        let shim = try Shim()
        let (pair, other) = (shim.pairs[toSecond ? 1 : 0], shim.pairs[toSecond ? 0 : 1])
        for isMerged in [true, false, true] {
            let request = CommandRequest(words: ["sh", "-c", "echo a; echo b >&2"])
            shim.send(request.frame(attempt: 1, mergesOutput: isMerged, writesToSecond: toSecond))
            _ = try shim.report()
            #expect(pair.output.read() == (isMerged ? "a\nb\n" : "a\n"))
            #expect(pair.errors.read() == (isMerged ? "" : "b\n"))
            #expect(other.output.read() == "" && other.errors.read() == "")
        }
    }

    @Test(arguments: [false, true]) func aCommandHasNothingOpenButItsPair(toSecond: Bool) throws {
        let shim = try Shim()
        let script = "for n in 3 4 5 6 7 8 9; do [ -e /proc/$$/fd/$n ] && echo $n; done; exit 0"
        shim.send(["sh", "-c", script], attempt: 1, toSecond: toSecond)
        #expect(try shim.report().outcome() == .ended(status: 0, output: nil))
        #expect(shim.pairs[toSecond ? 1 : 0].output.read() == "")
        shim.send(["readlink", "/proc/self/fd/1"], attempt: 2)
        shim.send(["readlink", "/proc/self/fd/1"], attempt: 3, toSecond: true)
        for _ in 1...2 { _ = try shim.report() }
        #expect(shim.pairs[0].output.read() != shim.pairs[1].output.read())
    }

    @Test func whatIsRecalledInTimeIsReturnedAndDoesNotBegin() throws {
        let (shim, gate) = (try Shim(), Gate())
        defer { gate.remove() }
        shim.send(gate.waiting(), attempt: 1)
        for attempt in UInt64(2)...4 {
            shim.send(["echo", "begun"], attempt: attempt, toSecond: true)
            // The other one is not held.
            shim.send(CommandRequest.recalling(attempt: 1) + CommandRequest.recalling(attempt: attempt))
            let returned = try shim.report()
            #expect(returned.attempt == attempt && returned.wasReturned)
        }
        gate.open()
        let report = try shim.report()
        #expect(report.attempt == 1 && !report.wasReturned)
        #expect(try shim.run(["true"], attempt: 5).attempt == 5)
        #expect(shim.pairs[1].output.read() == "")
    }

    @Test func whatHasBegunIsNotReturned() throws {
        let (shim, gate) = (try Shim(), Gate())
        defer { gate.remove() }
        shim.send(["true"], attempt: 1)
        shim.send(gate.waiting(), attempt: 2, toSecond: true)
        #expect(try shim.report().attempt == 1)
        shim.send(CommandRequest.recalling(attempt: 2))
        gate.open()
        let report = try shim.report()
        #expect(report.attempt == 2 && !report.wasReturned)
        #expect(report.outcome() == .ended(status: 0, output: nil))
    }

    @Test func whatIsToldToEndWhileItIsHeldIsNotStarted() throws {
        let (shim, gate) = (try Shim(), Gate())
        defer { gate.remove() }
        shim.send(gate.waiting(), attempt: 1)
        shim.send(["echo", "begun"], attempt: 2, toSecond: true)
        shim.send(CommandRequest.ending(attempt: 2))
        gate.open()
        #expect(try !shim.report().wasToldToEnd)
        let report = try shim.report()
        #expect(report.attempt == 2 && report.wasToldToEnd && !report.wasReturned)
        #expect(shim.pairs[1].output.read() == "")
    }

    @Test func thePresentCommandIsToldToEndWhileAnotherIsHeld() throws {
        let (shim, gate) = (try Shim(), Gate())
        defer { gate.remove() }
        shim.send(gate.waiting(), attempt: 1)
        shim.send(["echo", "begun"], attempt: 2, toSecond: true)
        shim.send(CommandRequest.ending(attempt: 1))
        #expect(try shim.report().wasToldToEnd)
        let report = try shim.report()
        #expect(report.attempt == 2 && !report.wasToldToEnd)
        #expect(shim.pairs[1].output.read() == "begun\n")
    }

    /// Neither what is held nor what is given later.
    @Test func nothingBeginsBesideWhatIsLeft() throws {
        let (shim, gate) = (try Shim(), Gate())
        defer { gate.remove() }
        shim.send(gate.waiting(then: "setsid sleep 600 & exit 0"), attempt: 1)
        shim.send(["echo", "begun"], attempt: 2, toSecond: true)
        gate.open()
        #expect(try shim.report().hasLeftovers)
        shim.send(CommandRequest.recalling(attempt: 2))
        shim.send(["echo", "begun"], attempt: 3)
        #expect(shim.end() == .exited(code: 0))
        #expect(shim.pairs[0].output.read() == "" && shim.pairs[1].output.read() == "")
    }

    @Test func nothingBeginsOnceTheConnectionIsClosed() throws {
        let (shim, gate) = (try Shim(), Gate())
        defer { gate.remove() }
        shim.send(gate.waiting(), attempt: 1)
        shim.send(["echo", "begun"], attempt: 2, toSecond: true)
        #expect(shim.end() == .exited(code: 87))
        gate.open()
        #expect(shim.pairs[1].output.read() == "")
    }

    /// Each has memory of its own, however large it is.
    @Test func largeCommandsAreHeld() throws {
        let shim = try Shim()
        var request = CommandRequest(words: ["wc", "-c"])
        for (number, count) in [100_000, 10, 3_000_000, 70_000, 0, 2_000_000].enumerated() {
            request.input = String(repeating: "x", count: count)
            shim.send(request.frame(attempt: UInt64(number), mergesOutput: false, writesToSecond: number % 2 == 1))
            guard number > 0 else { continue }
            #expect(try shim.report().attempt == UInt64(number - 1))
        }
        #expect(try shim.report().outcome() == .ended(status: 0, output: nil))
        #expect(shim.pairs[0].output.read() == "100000\n3000000\n0\n")
        #expect(shim.pairs[1].output.read() == "10\n70000\n2000000\n")
    }
}
