import Foundation
import HTTPTestSupport
import Testing

@Suite(.ownThread) struct HTTPEndToEndTests {
    private let sandbox: Sandbox

    init() throws {
        sandbox = try Sandbox(program: "plugin-app")
    }

    private static let failing = """
        tasks:
          good: {task: Shell, parameters: {command: [echo, fine]}}
          bad: {task: Shell, parameters: {command: 'echo "it says \\"no\\""; exit 3'}}
          after: {task: Shell, dependencies: [bad], parameters: {command: [echo, never]}}
        """
    private static let good = "tasks: {a: {task: Shell, parameters: {command: [echo, fine]}}}"

    private func object(_ text: String) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], "\(text)")
    }

    @Test func slackIsToldOfTheBeginningAndTheFailure() async throws {
        defer { sandbox.remove() }
        let sink = try await HTTPSink()
        let result = try sandbox.run(
            """
            config: {name: nightly}
            \(Self.failing)
            extensions: {slack: {extension: SlackWebhookNotification, parameters: {webhook: "\(sink.url("/hook"))"}}}
            """
        )
        #expect(result.exitCode == 2, "\(result.errors)")
        try #require(sink.requests.count == 2)
        #expect(
            try object(sink.requests[0].body)["text"] as? String
                == "nightly started on \(ProcessInfo.processInfo.hostName)"
        )
        let payload = try object(sink.requests[1].body)
        let text = try #require((payload["attachments"] as? [[String: Any]])?.first?["text"] as? String)
        #expect(text.contains("3 tasks: 1 completed, 1 failed, 1 not run because other tasks failed"))
        #expect(text.contains("Failed: bad (attempt 1). Its log:\n    it says \"no\"\n"), "\(text)")
        #expect(text.contains("-j job.yaml -r"))
    }

    /// Also in the other section, and both sections have the default values of the original.
    @Test func aNotificationMayStandAmongTheLoggers() async throws {
        defer { sandbox.remove() }
        let sink = try await HTTPSink()
        let parameters =
            "{app_token: token-1, user_key: key-1, api_url: \"\(sink.url("/m"))\", notify_on_create: false}"
        let result = try sandbox.run(
            "\(Self.failing)\nloggers: {push: {logger: PushoverNotification, parameters: \(parameters)}}"
        )
        #expect(result.exitCode == 2, "\(result.errors)")
        let request = try #require(sink.requests.first)
        #expect(sink.requests.count == 1)
        #expect(request.headers["content-type"] == "application/x-www-form-urlencoded")
        #expect(request.body.hasPrefix("token=token-1&user=key-1&title=flowmancer+failed+on+"))
        #expect(request.body.contains("it+says+%22no%22"))
    }

    @Test func theTemplateOfAWebhookIsFilled() async throws {
        defer { sandbox.remove() }
        let sink = try await HTTPSink()
        let result = try sandbox.run(
            """
            \(Self.failing)
            extensions:
              hook:
                extension: WebhookNotification
                parameters:
                  url: "\(sink.url("/x"))"
                  method: PUT
                  notify_on_create: no
                  authorization: Bearer $ENV{HOOK_TOKEN}
                  headers: {X-Key: key-of-the-account}
                  body: '{"s": "{{state}}", "t": "{{text}}", "f": {{failed}}}'
            """,
            environment: ["HOOK_TOKEN": "hook-token"]
        )
        #expect(result.exitCode == 2, "\(result.errors)")
        let request = try #require(sink.requests.first)
        #expect(request.method == "PUT")
        #expect(request.headers["authorization"] == "Bearer hook-token")
        #expect(request.headers["x-key"] == "key-of-the-account")
        let body = try object(request.body)
        #expect(body["s"] as? String == "failed")
        #expect(body["f"] as? Int == 1)
        #expect((body["t"] as? String)?.contains("it says \"no\"") == true)
    }

    @Test func theHeadersOfAJobReplaceTheUsualOnes() async throws {
        defer { sandbox.remove() }
        let sink = try await HTTPSink()
        let parameters =
            "url: \"\(sink.url())\", headers: {content-type: text/plain, authorization: no}, authorization: yes!, "
            + "body: '{{text}}', notify_on_create: no"
        let result = try sandbox.run(
            "\(Self.failing)\nextensions: {hook: {extension: WebhookNotification, parameters: {\(parameters)}}}"
        )
        let request = try #require(sink.requests.first, "\(result.errors)")
        #expect(request.headers["content-type"] == "text/plain")
        #expect(request.headers["authorization"] == "yes!")
        #expect(request.body.contains("it says \"no\""), "\(request.body)")
    }

    @Test func anAbortIsTold() async throws {
        defer { sandbox.remove() }
        let sink = try await HTTPSink()
        let program = try sandbox.start(
            """
            tasks: {a: {task: Shell, parameters: {command: 'touch there; sleep 600'}}}
            extensions: {hook: {extension: WebhookNotification, parameters: {url: "\(sink.url())"}}}
            """,
            []
        )
        #expect(waitUntil { (try? sandbox.read("there")) != nil })
        program.signal(SIGTERM)
        #expect(try program.wait().exitCode == 143)
        #expect(try sink.requests.map { try object($0.body)["state"] as? String } == ["started", "aborted"])
    }

    /// Whoever started it learns that from the exit code: nothing has happened to the job.
    @Test func aRunThatDoesNotBeginTellsNothing() async throws {
        defer { sandbox.remove() }
        let sink = try await HTTPSink()
        let job = """
            tasks: {a: {task: Shell, parameters: {command: 'touch there; while ! test -e gate; do sleep 0.05; done'}}}
            extensions: {hook: {extension: WebhookNotification, parameters: {url: "\(sink.url())"}}}
            """
        let program = try sandbox.start(job, [])
        #expect(waitUntil { (try? sandbox.read("there")) != nil })
        let refused = try sandbox.run(job)
        #expect(refused.exitCode == 99)
        #expect(refused.errors.contains("another run of the job 'flowmancer' is under way"), "\(refused.errors)")
        // One run, and the link to it.
        #expect(try FileManager.default.contentsOfDirectory(atPath: sandbox.path("logs")).count == 2)
        try "".write(toFile: sandbox.path("gate"), atomically: true, encoding: .utf8)
        #expect(try program.wait().exitCode == 0)
        #expect(try sink.requests.map { try object($0.body)["state"] as? String } == ["started", "succeeded"])

        try "no directory".write(toFile: sandbox.path("file"), atomically: true, encoding: .utf8)
        let checkpointer = "\ncheckpointer: {checkpointer: FileCheckpointer, parameters: {checkpoint_dir: file}}"
        #expect(try sandbox.run(job + checkpointer).exitCode == 99)
        #expect(sink.requests.count == 2)
    }

    // MARK: Endpoints that do not take it

    private func webhookJob(_ url: String, grace: Double = 600) -> String {
        """
        config: {plugin_grace_seconds: \(grace)}
        \(Self.good)
        extensions: {hook: {extension: WebhookNotification, parameters: {url: "\(url)", notify_on_create: false}}}
        """
    }

    @Test func anEndpointThatRecoversIsTold() async throws {
        defer { sandbox.remove() }
        let sink = try await HTTPSink { $0 < 3 ? .status(503) : .status(200) }
        let result = try sandbox.run(webhookJob(sink.url()))
        #expect(result.exitCode == 0)
        #expect(!result.errors.contains("hook"), "\(result.errors)")
        #expect(sink.requests.count == 3)
    }

    @Test func anEndpointThatRefusesIsNamedWithoutItsSecret() async throws {
        defer { sandbox.remove() }
        let sink = try await HTTPSink { _ in .status(403, body: "bad key s3cret-path") }
        let result = try sandbox.run(webhookJob(sink.url("/s3cret-path?key=s3cret-key")))
        #expect(result.exitCode == 0)
        #expect(sink.requests.count == 1)
        #expect(result.errors.contains("extensions.hook failed. The job continues"), "\(result.errors)")
        #expect(
            result.errors.contains("127.0.0.1:\(sink.port) answered with status 403; check 'url'"),
            "\(result.errors)"
        )
        #expect(!result.errors.contains("s3cret"))
    }

    @Test func aSecretAtTheEndOfWhatIsShownOfAnAnswerIsMasked() async throws {
        defer { sandbox.remove() }
        let secret = "hunter2-\tand-a-secret"
        let sink = try await HTTPSink { _ in .status(403, body: String(repeating: "x", count: 190) + secret) }
        let parameters = "url: \"\(sink.url())\", authorization: \"hunter2-\\tand-a-secret\", notify_on_create: no"
        let result = try sandbox.run(
            "\(Self.good)\nextensions: {hook: {extension: WebhookNotification, parameters: {\(parameters)}}}"
        )
        #expect(sink.requests.first?.headers["authorization"] == secret)
        #expect(result.errors.contains("xxx***; check"), "\(result.errors)")
        #expect(!result.errors.contains("hunter2"))
    }

    @Test(arguments: [
        ("SlackWebhookNotification", "webhook"), ("WebhookNotification", "url"), ("TracingExtension", "endpoint"),
    ])
    func aPortThatIsNoneIsAnErrorOfTheJob(type: String, key: String) throws {
        defer { sandbox.remove() }
        let result = try sandbox.run(
            "\(Self.good)\nextensions: {x: {extension: \(type), parameters: {\(key): 'http://127.0.0.1:70000/x'}}}"
        )
        #expect(result.exitCode == 1)
        #expect(result.errors.contains("expected a URL with a port from 1 to 65535"), "\(result.errors)")
    }

    @Test func anEndpointThatIsSilentCostsTheGraceAtMost() async throws {
        defer { sandbox.remove() }
        let sink = try await HTTPSink { _ in .silence }
        let result = try sandbox.run(
            """
            config: {plugin_grace_seconds: 1}
            \(Self.good)
            extensions: {hook: {extension: WebhookNotification, parameters: {url: "\(sink.url())"}}}
            """
        )
        #expect(result.exitCode == 0)
        #expect(result.output.contains("1 completed") || result.output.isEmpty)
        #expect(result.errors.contains("did not answer within 0.6 s"), "\(result.errors)")
    }

    @Test func aDeadEndpointCostsTheJobNothing() async throws {
        defer { sandbox.remove() }
        let closed = try ClosedPort()
        defer { withExtendedLifetime(closed) {} }
        let port = closed.number
        let result = try sandbox.run(webhookJob("http://127.0.0.1:\(port)/x", grace: 2))
        #expect(result.exitCode == 0)
        #expect(result.errors.contains("127.0.0.1:\(port) cannot be reached"), "\(result.errors)")
    }

    // MARK: Encryption

    /// The server's certificate is signed by itself, and holds the name and the address.
    @Test func aCertificateOfOnesOwnIsTrustedOnlyIfItIsNamed() async throws {
        defer { sandbox.remove() }
        let (certificate, key) = try sandbox.makeCertificate()
        let sink = try await HTTPSink(identity: .init(certificate: certificate, key: key))
        func job(_ more: String = "") -> String {
            """
            \(Self.good)
            extensions:
              hook: {extension: WebhookNotification, parameters: {url: "\(sink.url("/s3cret"))", notify_on_create: no\(more)}}
              trace: {extension: TracingExtension, parameters: {endpoint: "\(sink.url("/traces"))"\(more)}}
            """
        }
        let untrusted = try sandbox.run(job())
        #expect(untrusted.exitCode == 0, "\(untrusted.errors)")
        #expect(
            untrusted.errors.contains(
                """
                extensions.hook failed. The job continues. the connection to 127.0.0.1:\(sink.port) could \
                not be encrypted: its certificate is not trusted: it has expired, or no known authority signed it; set \
                'ca_file' to the certificate of the authority
                """
            ),
            "\(untrusted.errors)"
        )
        #expect(untrusted.errors.contains("extensions.trace failed"))
        #expect(!untrusted.errors.contains("s3cret") && !untrusted.errors.contains("SSL"))
        #expect(sink.requests.isEmpty)

        let trusted = try sandbox.run(job(", ca_file: certificate.pem"))
        #expect(trusted.exitCode == 0 && !trusted.errors.contains("failed"), "\(trusted.errors)")
        #expect(Set(sink.requests.map(\.path)) == ["/s3cret", "/traces"])

        let missing = try sandbox.run(job(", ca_file: missing.pem"))
        #expect(missing.exitCode == 0)
        #expect(
            missing.errors.contains("the file 'missing.pem' cannot be read: no such file or directory"),
            "\(missing.errors)"
        )
    }

    @Test func aCertificateForAnotherNameIsNotAccepted() async throws {
        defer { sandbox.remove() }
        let (certificate, key) = try sandbox.makeCertificate(names: "DNS:elsewhere.example.org")
        let sink = try await HTTPSink(identity: .init(certificate: certificate, key: key))
        let hook = "{webhook: \"\(sink.url())\", ca_file: certificate.pem, notify_on_create: no}"
        let result = try sandbox.run(
            "\(Self.good)\nextensions: {slack: {extension: SlackWebhookNotification, parameters: \(hook)}}"
        )
        #expect(result.exitCode == 0)
        #expect(result.errors.contains("its certificate is for another name; check 'webhook'"), "\(result.errors)")
        #expect(sink.requests.isEmpty)
    }

    // MARK: Telemetry

    @Test func aTraceOfTheRunIsSent() async throws {
        defer { sandbox.remove() }
        let sink = try await HTTPSink()
        let result = try sandbox.run(
            """
            config: {name: nightly}
            \(Self.failing)
            extensions:
              tracing: {extension: TracingExtension, parameters: {endpoint: "\(sink.url("/v1/traces"))"}}
              metrics: {extension: MetricsExtension, parameters: {prometheus_file: out/nightly.prom}}
            """
        )
        #expect(result.exitCode == 2, "\(result.errors)")
        let bodies = try sink.requests.map { try object($0.body) }
        let spans = bodies.flatMap { body in
            (body["resourceSpans"] as? [[String: Any]] ?? []).flatMap { resource in
                (resource["scopeSpans"] as? [[String: Any]] ?? []).flatMap { $0["spans"] as? [[String: Any]] ?? [] }
            }
        }
        #expect(Set(spans.compactMap { $0["name"] as? String }) == ["good", "bad", "nightly"])
        let text = try sandbox.read("out/nightly.prom")
        #expect(text.contains(#"flowmancer_attempts_total{job_name="nightly",outcome="failed"} 1"#))
        #expect(text.contains(#"flowmancer_tasks{job_name="nightly",state="defaulted"} 1"#))
        #expect(text.contains(#"flowmancer_job_success{job_name="nightly"} 0"#))
    }

    @Test func theCommandThatGoesOnDoes() async throws {
        defer { sandbox.remove() }
        let sink = try await HTTPSink()
        let first = try sandbox.run(
            """
            tasks:
              a: {task: Shell, parameters: {command: 'echo once >> a.txt'}}
              b:
                task: Shell
                dependencies: [a]
                parameters:
                  command: test -e "$FILE"
                  env:
                    FILE: $VAR{file}
            extensions:
              hook:
                extension: WebhookNotification
                parameters:
                  url: "\(sink.url())"
                  authorization: $VAR{token}
                  body: "{{resume_command}}"
                  content_type: text/plain
            """,
            "--var",
            "file=it's here",
            "--var",
            "token=t0ken-value"
        )
        #expect(first.exitCode == 1, "\(first.errors)")
        let command = try #require(sink.requests.last?.body)
        #expect(!command.contains("t0ken-value"))
        #expect(command.contains(#"--var token="${TOKEN:?the secret token}""#))
        try "".write(toFile: sandbox.path("it's here"), atomically: true, encoding: .utf8)
        let refused = try Running("/bin/sh", ["-c", "unset TOKEN; \(command)"], in: sandbox.directory).wait()
        #expect(refused.exitCode != 0)
        #expect(refused.errors.contains("TOKEN: the secret token"), "\(refused.errors)")
        let environment = ["TOKEN": "t0ken-value"]
        let shell = try Running("/bin/sh", ["-c", command], in: URL(fileURLWithPath: "/"), environment: environment)
        let second = try shell.wait()
        #expect(second.exitCode == 0, "\(second.errors)\n\(command)")
        #expect(try sandbox.read("a.txt") == "once\n")
    }
}
