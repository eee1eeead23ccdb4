import Foundation
import Testing

/// Plug-ins that throw, hang, block or are slow: the run, and the plug-ins beside them, do not notice.
@Suite(.ownThread) struct MisbehavingPluginTests {
    private static let ways = ["fail", "hang", "block", "spin", "block_pool"]
    private static let steps = ["onCreate", "update", "onSuccess", "onDestroy"]

    // MARK: Loggers and extensions

    /// Two of each kind: more than there are threads in the common pool of a small machine.
    @Test(arguments: ways, steps)
    func loggersAndExtensionsDisturbNobody(how: String, step: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let bad = "parameters: {how: \(how), step: \(step), target"
        let result = try sandbox.run(
            """
            config: {plugin_grace_seconds: 1}
            tasks: {a: {task: Increment}, b: {task: PrintCounter, dependencies: [a]}}
            loggers:
              bad1: {logger: MisbehavingLogger, \(bad): l1.txt}}
              files: {logger: FileLogger}
              bad2: {logger: MisbehavingLogger, \(bad): l2.txt}}
              good: {logger: RecordingLogger, parameters: {target: events.txt}}
            extensions:
              bad1: {extension: MisbehavingExtension, \(bad): e1.txt}}
              progress: {extension: RichProgressBar}
              bad2: {extension: MisbehavingExtension, \(bad): e2.txt}}
              good: {extension: RecordingExtension, parameters: {target: states.txt}}
            """
        )
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(result.output.contains("2 completed"))
        #expect(try sandbox.log("b") == ["INFO - counter = 1"])
        #expect(try sandbox.read("states.txt") == "a _P 0\nb _P 0\na PR 1\na RC 1\nb PR 1\nb RC 1\n")
        let events = try sandbox.read("events.txt")
        #expect(events.hasPrefix("onCreate\n[a] START 1\n[a] END 1\n[b] START 1\n[b] INFO: counter = 1\n[b] END 1\n"))
        #expect(events.hasSuffix("onSuccess\nonDestroy\n"))
        // A plug-in that ends because it was cancelled for being slow has not failed besides.
        #expect(!result.errors.contains("CancellationError"), "\(result.errors)")
        for name in ["loggers.bad1", "loggers.bad2", "extensions.bad1", "extensions.bad2"] {
            #expect(sandbox.exists("\(name.prefix(1))\(name.suffix(1)).txt"))
            switch how {
            case "fail": #expect(result.errors.contains("\(name) failed. The job continues"), "\(result.errors)")
            case "block_pool": break
            default: #expect(result.errors.contains("\(name) took longer than 1 s"), "\(result.errors)")
            }
        }
    }

    @Test func eventsThatAHangingPluginMissedAreCounted() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(
            """
            config: {plugin_grace_seconds: 0.5}
            tasks: {a: {task: NoOp}, b: {task: NoOp}}
            loggers: {bad: {logger: MisbehavingLogger, parameters: {how: block}}}
            extensions: {bad: {extension: MisbehavingExtension, parameters: {how: hang}}}
            """
        )
        #expect(result.exitCode == 0)
        // Two events of each log, of which one was handed over; six changes of state.
        #expect(result.errors.contains("loggers.bad was too slow. It did not get 3 events."))
        #expect(result.errors.contains("extensions.bad was too slow. It did not get 5 events."))
    }

    @Test func slowPluginsDoNotSlowTheRun() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let tasks = (1...40).map { "  t\($0): {task: Print, parameters: {text: hello}}" }
        let result = try sandbox.run(
            """
            config: {plugin_grace_seconds: 1}
            loggers: {slow: {logger: SlowLogger, parameters: {target: lines.txt}}}
            extensions:
              slow: {extension: SlowExtension, parameters: {target: states.txt}}
              fast: {extension: RecordingExtension, parameters: {target: fast.txt}}
            tasks:
            """ + "\n" + tasks.joined(separator: "\n")
        )
        #expect(result.exitCode == 0)
        #expect(try sandbox.read("fast.txt").split(separator: "\n").count == 120)
        // Neither could take everything; each was told of the end in good time, and nothing is lost silently.
        for (name, target) in [("loggers.slow", "lines.txt"), ("extensions.slow", "states.txt")] {
            let taken = try #require(Int(sandbox.read(target)))
            let message = "\(name) was too slow. It did not get \(120 - taken) events."
            #expect(result.errors.contains(message), "\(taken) taken: \(result.errors)")
        }
    }

    @Test func aSlowPluginThatHasTheTimeGetsEverything() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(
            """
            config: {plugin_grace_seconds: 60}
            tasks: {a: {task: Print, parameters: {text: hello}}}
            loggers: {slow: {logger: SlowLogger}}
            """
        )
        #expect(result.exitCode == 0)
        #expect(result.errors.isEmpty)
        #expect(try sandbox.read("slow.txt") == "3")
    }

    @Test func aTrapOfAPluginEndsTheEngineAndARestartGoesOn() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let tasks = """
            tasks:
              a: {task: Increment}
              b: {task: LeaveChildrenAndStay, dependencies: [a], parameters: {marker: pids}}
            """
        let trap = "extensions: {bad: {extension: TrapWhenThere, parameters: {path: pids.ready}}}"
        try sandbox.write(
            "\(tasks)\n  c: {task: RequireFile, max_attempts: 1000000, backoff: 0.05, "
                + "parameters: {path: never}}\n\(trap)",
            to: "job.yaml"
        )
        let result = try sandbox.start(["-j", "job.yaml"]).wait()
        #expect(result.exitCode != 0)
        let pids = try sandbox.read("pids").split(separator: "\n").compactMap { Int32($0) }
        #expect(waitUntil { !pids.contains(where: isAlive) }, "alive: \(pids.filter(isAlive))")
        let restarted = try sandbox.run(tasks, "-r", "--skip", "b")
        #expect(restarted.exitCode == 0, "\(restarted.errors)")
        #expect(restarted.output.contains("done, kept: a"), "\(restarted.output)")
    }

    // MARK: Checkpointers

    private func checkpointer(_ step: String, _ how: String, from: Int = 1) -> String {
        "checkpointer: {checkpointer: MisbehavingCheckpointer, "
            + "parameters: {step: \(step), how: \(how), from: \(from)}}"
    }

    @Test(arguments: ["lock", "read", "write"], ["fail", "hang", "block"])
    func aCheckpointerThatIsOfNoUseKeepsTheRunFromBeginning(step: String, how: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = """
            config: {plugin_grace_seconds: 0.2}
            tasks: {a: {task: RunChild, parameters: {script: touch ran}}}
            \(checkpointer(step, how))
            """
        let result = try sandbox.run(job, "-r")
        #expect(result.exitCode == 99)
        let expected = how == "fail" ? "misbehaves on purpose" : "the checkpointer took longer than 1.2 s to "
        #expect(result.errors.contains(expected), "\(result.errors)")
        #expect(!sandbox.exists("ran"))
    }

    @Test func aSignalEndsTheWaitForACheckpointer() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = "config: {plugin_grace_seconds: 600}\ntasks: {a: {task: NoOp}}\n\(checkpointer("lock", "block"))"
        try sandbox.write(job, to: "job.yaml")
        let running = try sandbox.start(["-j", "job.yaml"])
        #expect(waitUntil { sandbox.exists("checkpoint.json.lock") })
        running.signal(SIGTERM)
        let result = try running.wait()
        #expect(result.exitCode == 143)
        #expect(result.errors.contains("aborted before it began"), "\(result.errors)")
    }

    @Test(arguments: ["fail", "hang", "block"])
    func aCheckpointerThatFailsLaterDoesNotStopTheRun(how: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(
            """
            config: {plugin_grace_seconds: 0.5, checkpointer_interval_seconds: 0.01}
            tasks:
              a: {task: SleepBriefly, parameters: {duration: 0.1}}
              b: {task: RunChild, dependencies: [a], parameters: {script: 'while [ ! -e \
            checkpoint.json.write ] || [ $(wc -l < checkpoint.json.write) -lt 2 ]; do sleep 0.02; done'}}
              c: {task: Fail, dependencies: [b]}
              d: {task: NoOp, dependencies: [b]}
            \(checkpointer("write", how, from: 2))
            """
        )
        #expect(result.exitCode == 1, "\(result.errors)")
        #expect(result.output.contains("3 completed, 1 failed"))
        #expect(result.errors.contains("The last progress could not be stored"), "\(result.errors)")
    }

    @Test(arguments: ["fail", "hang", "block"], ["clear", "onSuccess", "onDestroy"])
    func aCheckpointerThatFailsAtTheEndIsWaitedForWithinLimits(how: String, step: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = "config: {plugin_grace_seconds: 0.5}\ntasks: {a: {task: NoOp}}\n\(checkpointer(step, how))"
        let result = try sandbox.run(job)
        #expect(result.exitCode == 0, "\(result.errors)")
        let expected = step == "clear" ? "its checkpoint could not be removed" : "checkpointer "
        #expect(result.errors.contains(expected), "\(result.errors)")
    }
}
