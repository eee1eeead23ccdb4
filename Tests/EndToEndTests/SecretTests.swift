import Foundation
import Testing

/// Values of secret parameters show nowhere.
@Suite(.ownThread) struct SecretTests {
    private let token = "p@ss/wörd+\"quo\\ted\" 42?>~~end"
    private let key =
        "-----BEGIN KEY-----\n" + String(repeating: "q9Zx/+Yw7", count: 14) + "\nshorter line\n-----END KEY-----\n"
    private let password = "hunter2-hunter2"

    /// What gives a secret away: every encoding, made in other ways than the engine makes them.
    private func traces(of secret: String) -> [Data] {
        var texts = [secret]
        texts += secret.split(separator: "\n").filter { $0.count > 3 }.map(String.init)
        for text in texts {
            for offset in 0..<3 {
                // Whatever stands before and behind the secret, the characters between depend on the secret only.
                func encode(_ filler: UInt8) -> [Character] {
                    let filling = [UInt8](repeating: filler, count: 3)
                    let data = Data(filling.prefix(offset) + text.utf8 + filling)
                    return Array(data.base64EncodedString())
                }
                let (low, high) = (encode(0), encode(255))
                let common = zip(low, high).map { $0 == $1 ? $0 : " " }
                let run = common.split(separator: " ").max { $0.count < $1.count } ?? []
                texts.append(String(run))
                texts.append(String(run).replacing("+", with: "-").replacing("/", with: "_"))
            }
            texts.append(text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text)
            texts.append(text.addingPercentEncoding(withAllowedCharacters: .urlQueryAllowed) ?? text)
            texts.append(text.addingPercentEncoding(withAllowedCharacters: .urlPasswordAllowed) ?? text)
            let json = String(decoding: (try? JSONEncoder().encode(text)) ?? Data(), as: UTF8.self)
            texts.append(String(json.dropFirst().dropLast()))
        }
        return Set(texts.filter { $0.count > 3 }).map { Data($0.utf8) }
    }

    private func expectNoTrace(of secrets: [String], in data: Data, _ place: String) {
        for trace in secrets.flatMap(traces) where data.range(of: trace) != nil {
            Issue.record("\(place) holds \(String(decoding: trace, as: UTF8.self))")
        }
    }

    /// Looks through all files of the sandbox: those that the run left, what it printed, and the job file.
    private func expectNoTrace(of secrets: [String], in sandbox: Sandbox) throws {
        let files = try FileManager.default.subpathsOfDirectory(atPath: sandbox.directory.path)
        for file in files {
            guard let data = FileManager.default.contents(atPath: sandbox.path(file)) else { continue }
            expectNoTrace(of: secrets, in: data, file)
        }
    }

    @Test func noFileOfARunHoldsASecret() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = """
            config: {name: leaking}
            tasks:
              other: {task: Print, parameters: {text: "not secret here"}}
              another:
                task: Print
                parameters:
                  text: a task that knows $ENV{PASSWORD} otherwise
              leaking:
                task: Leak
                max_attempts: 2
                dependencies: [other]
                parameters:
                  token: $ENV{TOKEN}
                  key: $ENV{KEY}
                  logins:
                    first:
                      password: $ENV{PASSWORD}
            loggers:
              files: {logger: FileLogger}
              recording: {logger: RecordingLogger, parameters: {target: recorded.txt}}
              leaking:
                logger: LeakingLogger
                parameters:
                  webhook: $ENV{TOKEN}
            """
        let environment = ["TOKEN": token, "KEY": key, "PASSWORD": password]
        for arguments in [[], ["-r"], ["-r", "--rerun-changed", "--debug"]] {
            try sandbox.write(job, to: "job.yaml")
            let result = try sandbox.start(["-j", "job.yaml"] + arguments, environment: environment).wait()
            #expect(result.exitCode == 1)
            #expect(result.errors.contains("loggers.leaking failed"))
            #expect(result.errors.contains("cannot reach ***"))
        }
        #expect(sandbox.exists(".flowmancer/leaking.checkpoint"))
        try expectNoTrace(of: [token, key, password], in: sandbox)

        let log = try sandbox.log("leaking")
        #expect(log.contains("INFO - plain *** and twice ***"))
        #expect(log.contains("ERROR - to standard error ***"))
        #expect(log.contains("INFO - json {\"secret\":\"***\"}"))
        #expect(log.contains("INFO - byte by byte ***"))
        #expect(log.contains("INFO - ***"))
        #expect(log.contains("WARNING - logged *** ***=\"as a key\" token=***"))
        #expect(log.contains("ERROR - run failed: Failure: rejected ***"))
        #expect(log.contains("ERROR - failed with ***"))
        #expect(log.contains("INFO -     - value: \"***\""))
        let runs = try FileManager.default.contentsOfDirectory(atPath: sandbox.path("logs")).sorted()
        let first = try sandbox.read("logs/\(try #require(runs.first))/another.log")
        #expect(first.hasSuffix("INFO - a task that knows *** otherwise\n"))
        #expect(try sandbox.read("recorded.txt").contains("[leaking] INFO: plain *** and twice ***"))
    }

    @Test func aNewValueOfASecretIsNoNewDefinition() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = """
            tasks:
              done:
                task: SecretNumber
                parameters:
                  pin: $ENV{PIN}
              failing: {task: Fail, dependencies: [done]}
            """
        #expect(try sandbox.run(job, environment: ["PIN": "271828"]).exitCode == 1)
        #expect(try sandbox.log("done") == ["INFO - pin ***"])
        let kept = try sandbox.run(job, "-r", "--rerun-changed", environment: ["PIN": "314159"])
        #expect(kept.output.contains("done, kept: done"))
    }

    @Test func parametersOfWorkersAreInNoProcessList() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            "tasks: {a: {task: HoldSecret, parameters: {marker: here, token: '\(password)'}}}",
            to: "job.yaml"
        )
        let running = try sandbox.start(["-j", "job.yaml"])
        #expect(waitUntil { sandbox.exists("here") })
        let worker = try #require(Int32(sandbox.read("here")))
        let stat = try String(contentsOfFile: "/proc/\(worker)/stat", encoding: .utf8)
        let keeper = try #require(stat.split(separator: ")").last?.split(separator: " ").dropFirst().first)
        for pid in ["\(worker)", "\(keeper)", "\(running.pid)"] {
            for file in ["cmdline", "environ", "comm"] {
                let data = try Data(contentsOf: URL(fileURLWithPath: "/proc/\(pid)/\(file)"))
                #expect(!data.isEmpty)
                expectNoTrace(of: [password], in: data, "\(file) of \(pid)")
            }
        }
        try sandbox.write("", to: "here.end")
        #expect(try running.wait().exitCode == 0)
        #expect(try sandbox.log("a") == ["INFO - ended with ***"])
    }

    @Test(arguments: [
        ("{task: Leak, parameters: {token: [hunter2-hunter2]}}", "tasks.a.parameters.token: expected text"),
        ("{task: Leak, parameters: {token: {hunter2-hunter2: x}}}", "tasks.a.parameters.token: expected text"),
        ("{task: SecretNumber, parameters: {pin: hunter2-hunter2}}", "expected an integer, found a value that is not"),
        (
            "{task: SecretNumber, parameters: {pin: '5', url: [hunter2-hunter2]}}",
            "expected a URL, found a value that is not shown"
        ),
        ("{task: Leak, parameters: {token: long enough, logins: {a: hunter2-hunter2}}}", "expected a mapping (Login)"),
        ("{task: Leak, parameters: {token: long enough, logins: hunter2-hunter2}}", "expected a mapping (each value"),
        ("{task: Leak, parameters: {tokne: hunter2-hunter2}}", "unknown key 'tokne'; did you mean 'token'?"),
    ])
    func errorsDoNotShowASecret(task: String, message: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run("tasks: {a: \(task)}")
        #expect(result.exitCode == 1)
        #expect(result.errors.contains(message), "\(result.errors)")
        expectNoTrace(of: [password], in: Data((result.output + result.errors).utf8), "the report")
    }

    @Test func aRunThatCannotBeginDoesNotSayItsSecret() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(
            "tasks: {a: {task: NoOp}}\ncheckpointer: {checkpointer: LeakingCheckpointer, parameters: {password: \(password)}}"
        )
        #expect(result.exitCode == 99)
        #expect(result.errors.contains("the password *** was refused"))
        expectNoTrace(of: [password], in: Data((result.output + result.errors).utf8), "the report")
    }

    @Test func aSecretThatIsTooShortIsAWarning() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = "tasks:\n  a:\n    task: SecretNumber\n    parameters: {pin: 123}"
        let result = try sandbox.run(job)
        #expect(result.exitCode == 0)
        #expect(result.errors.hasPrefix("job.yaml:4:23: warning: tasks.a.parameters.pin: the secret is too short"))
        #expect(result.errors.split(separator: "\n").count == 1)
        #expect(try sandbox.log("a") == ["INFO - pin 123"])
        #expect(try sandbox.run(job, "--strict").exitCode == 1)
        #expect(try sandbox.run(job.replacing("123", with: "1234")).errors == "")
        #expect(try sandbox.log("a") == ["INFO - pin ***"])
    }
}
