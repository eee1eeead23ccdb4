import FlowmancerCore
import Foundation
import HTTPTestSupport
import Synchronization
import Testing

@testable import FlowmancerTelemetry

@Suite struct TracingTests {
    private let start = Date(timeIntervalSince1970: 1_714_557_600.123456)

    private func run(isRestart: Bool = false) -> RunInfo {
        var job = JobDefinition(name: "nightly")
        job.tasks["a"] = TaskDefinition("Fetch")
        job.tasks["b"] = TaskDefinition("Load")
        job.tasks["b"]?.dependencies = ["a", "gone"]
        // However busy the machine is.
        job.configuration.pluginGrace = .seconds(600)
        return RunInfo(job: job, isRestart: isRestart, startedAt: start, hostName: "web1")
    }

    private func event(
        _ task: String,
        _ from: ExecutionState,
        _ to: ExecutionState,
        at seconds: Double,
        attempt: Int = 1,
        in group: String? = nil
    ) -> ExecutionEvent {
        ExecutionEvent(
            jobName: "nightly",
            taskName: task,
            groupName: group,
            timestamp: start.addingTimeInterval(seconds),
            attempt: attempt,
            from: from,
            to: to
        )
    }

    private static func counter() -> @Sendable () -> UInt64 {
        let next = Counter()
        return { next.take() }
    }

    private final class Counter: Sendable {
        private let value = Mutex<UInt64>(0)
        func take() -> UInt64 {
            value.withLock { value in
                value += 1
                return value
            }
        }
    }

    @Test func aTaskOfAGroupHasItsTypeItsGroupAndItsDependencies() throws {
        var job = JobDefinition(name: "nightly")
        job.tasks["list"] = TaskDefinition("Shell")
        job.tasks["each"] = TaskDefinition("")
        job.tasks["each"]?.subJob = SubJob()
        job.tasks["each"]?.forEach = ForEach(["eu", "us"])
        job.tasks["each"]?.dependencies = ["list"]
        for name in ["fetch", "load"] {
            job.tasks["each/\(name)"] = TaskDefinition(name)
            job.tasks["each/\(name)"]?.parent = "each"
        }
        job.tasks["each/load"]?.dependencies = ["fetch"]
        job.tasks["last"] = TaskDefinition("Shell")
        job.tasks["last"]?.dependencies = ["each"]
        let info = RunInfo(job: job, isRestart: false, startedAt: start, hostName: "web1")
        var trace = RunTrace(info, nextID: Self.counter())
        var spans: [String: Span] = [:]
        for item in ["eu", "us"] {
            for task in ["each[\(item)]/fetch", "each[\(item)]/load"] {
                _ = trace.apply(event(task, .pending, .running, at: 0, in: "each[\(item)]"))
                spans[task] = trace.apply(event(task, .running, .completed, at: 1, in: "each[\(item)]"))
            }
        }
        _ = trace.apply(event("last", .pending, .running, at: 2))
        spans["last"] = trace.apply(event("last", .running, .completed, at: 3))
        let load = try #require(spans["each[us]/load"])
        #expect(load.links == [try #require(spans["each[us]/fetch"]).id])
        #expect(load.attributes.contains { $0 == ("flowmancer.task.type", .text("load")) })
        #expect(load.attributes.contains { $0 == ("flowmancer.group", .text("each[us]")) })
        // Of a group, the task that completed last.
        #expect(spans["last"]?.links == [load.id])
    }

    @Test func anAllowedFailureIsMarked() {
        var trace = RunTrace(run(), nextID: Self.counter())
        _ = trace.apply(event("a", .pending, .running, at: 0))
        var failure = event("a", .running, .failed, at: 1)
        failure.isAllowedFailure = true
        let span = trace.apply(failure)
        #expect(span?.attributes.contains { $0 == ("flowmancer.allowed_failure", .flag(true)) } == true)
    }

    @Test func everyAttemptIsASpanOfTheRun() throws {
        let info = run()
        var trace = RunTrace(info, nextID: Self.counter())
        #expect(trace.apply(event("a", .pending, .running, at: 0)) == nil)
        let failedSpan = trace.apply(event("a", .running, .pending, at: 1))
        let failed = try #require(failedSpan)
        _ = trace.apply(event("a", .pending, .running, at: 2, attempt: 2))
        let completedSpan = trace.apply(event("a", .running, .completed, at: 3, attempt: 2))
        let completed = try #require(completedSpan)
        _ = trace.apply(event("b", .pending, .running, at: 4))
        let dependentSpan = trace.apply(event("b", .running, .failed, at: 5))
        let dependent = try #require(dependentSpan)
        let whole = trace.finish(at: start.addingTimeInterval(6), .failure("a task failed"))

        #expect(whole.parent == nil)
        #expect(whole.name == "nightly")
        #expect(whole.end.timeIntervalSince(whole.start) == 6)
        for span in [failed, completed, dependent] { #expect(span.parent == whole.id) }
        #expect(Set([failed.id, completed.id, dependent.id, whole.id]).count == 4)
        #expect(failed.status == .failure("the attempt failed and is repeated"))
        #expect(completed.status == .success)
        #expect(dependent.status == .failure("the attempt failed"))
        // The attempt that completed, not the one that failed; the other dependency has none.
        #expect(dependent.links == [completed.id])
        for span in [failed, whole] {
            #expect(span.attributes.contains { $0.key == "flowmancer.run.id" && $0.value == .text("\(info.id)") })
        }
        #expect(completed.attributes.contains { $0.key == "flowmancer.attempt" && $0.value == .number(2) })
        #expect(completed.attributes.contains { $0.key == "flowmancer.task.type" && $0.value == .text("Fetch") })
    }

    @Test func theTextIsThatOfOTLP() throws {
        let span = Span(
            id: Span.ID(0xAB),
            parent: Span.ID(1),
            links: [Span.ID(2)],
            name: "a \"task\"",
            start: start,
            end: start.addingTimeInterval(0.5),
            attributes: [("n", .number(-3)), ("t", .text("x\n")), ("f", .flag(true))],
            status: .failure("no \\ good")
        )
        let body = OTLPText.body(
            of: [span, span],
            in: TraceID(high: 0xC, low: 0xD),
            resource: [("service.name", .text("nightly"))]
        )
        let object = try #require(JSONSerialization.jsonObject(with: Data(body)) as? NSDictionary)
        let expected: NSDictionary = [
            "traceId": "000000000000000c000000000000000d", "spanId": "00000000000000ab",
            "parentSpanId": "0000000000000001", "name": "a \"task\"", "kind": 1,
            "startTimeUnixNano": "1714557600123456000", "endTimeUnixNano": "1714557600623456000",
            "attributes": [
                ["key": "n", "value": ["intValue": "-3"]], ["key": "t", "value": ["stringValue": "x\n"]],
                ["key": "f", "value": ["boolValue": true]],
            ],
            "links": [["traceId": "000000000000000c000000000000000d", "spanId": "0000000000000002"]],
            "status": ["code": 2, "message": "no \\ good"],
        ]
        #expect(
            object == [
                "resourceSpans": [
                    [
                        "resource": ["attributes": [["key": "service.name", "value": ["stringValue": "nightly"]]]],
                        "scopeSpans": [["scope": ["name": "flowmancer"], "spans": [expected, expected]]],
                    ]
                ]
            ]
        )
    }

    // MARK: The extension

    private func tracing(_ url: String) throws -> TracingExtension {
        var issues: [JobIssue] = []
        let tracing = ParameterBinder.make(
            TracingExtension.self,
            from: ["endpoint": .string(url), "headers": ["X-Key": "s3cret"], "service_name": "svc"],
            at: ParameterPath(),
            issues: &issues
        )
        #expect(issues.isEmpty)
        return tracing
    }

    private func inRun<Value: Sendable>(_ body: @Sendable () async throws -> Value) async rethrows -> Value {
        var context = FlowContext.current
        context.runInfo = run()
        return try await FlowContext.$taskLocal.withValue(context) { try await body() }
    }

    private func spans(_ sink: HTTPSink) throws -> [[String: Any]] {
        try sink.requests.flatMap { request in
            let object = try #require(JSONSerialization.jsonObject(with: Data(request.body.utf8)) as? [String: Any])
            let resources = try #require(object["resourceSpans"] as? [[String: Any]])
            return resources.flatMap {
                ($0["scopeSpans"] as? [[String: Any]] ?? []).flatMap { $0["spans"] as? [[String: Any]] ?? [] }
            }
        }
    }

    @Test func aTraceIsSentInPortionsAtTheEnd() async throws {
        let sink = try await HTTPSink()
        let tracing = try tracing(sink.url("/v1/traces"))
        try await inRun {
            try await tracing.onCreate()
            for number in 0..<1_200 {
                try await tracing.update(event("t\(number)", .pending, .running, at: 0))
                try await tracing.update(event("t\(number)", .running, .completed, at: 1))
            }
            try await tracing.onSuccess()
            try await tracing.onDestroy()
        }
        #expect(sink.requests.count == 3)
        #expect(
            sink.requests.allSatisfy { $0.path == "/v1/traces" && $0.headers["content-type"] == "application/json" }
        )
        #expect(sink.requests.allSatisfy { $0.headers["x-key"] == "s3cret" })
        let spans = try spans(sink)
        #expect(spans.count == 1_201)
        #expect(Set(spans.compactMap { $0["spanId"] as? String }).count == 1_201)
        #expect(Set(spans.compactMap { $0["traceId"] as? String }).count == 1)
        #expect(spans.count { $0["parentSpanId"] == nil } == 1)
    }

    @Test func aCollectorThatRefusesIsAnErrorOfTheEnd() async throws {
        let sink = try await HTTPSink { _ in .status(400, body: "bad") }
        let text = try await failure(of: 0, sentTo: sink)
        #expect(text.contains("answered with status 400: bad; check 'endpoint' and 'headers'"), "\(text)")
        #expect(text.hasPrefix("1 span was lost: 127.0.0.1:\(sink.port) answered"))
    }

    /// What goes wrong in a run of so many tasks whose spans are sent at the end.
    private func failure(of count: Int, sentTo sink: HTTPSink) async throws -> String {
        let tracing = try tracing(sink.url())
        return try await inRun {
            try await tracing.onCreate()
            for number in 0..<count {
                try await tracing.update(event("t\(number)", .pending, .running, at: 0))
                try await tracing.update(event("t\(number)", .running, .completed, at: 1))
            }
            try await tracing.onSuccess()
            do {
                try await tracing.onDestroy()
                return ""
            } catch {
                return "\(error)"
            }
        }
    }

    @Test func whatIsRefusedKeepsNothingElseFromBeingSent() async throws {
        let sink = try await HTTPSink { $0 == 1 ? .status(400, body: "bad") : .status(200) }
        let text = try await failure(of: 1_200, sentTo: sink)
        #expect(sink.requests.count == 3)
        #expect(try Set(spans(sink).compactMap { $0["spanId"] as? String }).count == 1_201)
        #expect(text.hasPrefix("500 spans were lost: 127.0.0.1:\(sink.port) answered with status 400: bad"))
    }

    @Test(arguments: [
        (
            #"{"partialSuccess":{"rejectedSpans":"2","errorMessage":"too\told"}}"#, "2 spans were lost: ",
            "2 of 4"
        ),
        (#"{"partialSuccess":{"rejectedSpans":3}}"#, "3 spans were lost: ", "3 of 4"),
        (#"{"partialSuccess":{"rejectedSpans":99}}"#, "4 spans were lost: ", "4 of 4"),
        (#"{"partialSuccess":{"errorMessage":"go on"}}"#, "127.0.0.1", "accepted the spans with a message: go on"),
    ])
    func whatTheCollectorTakesInPartIsTold(answer: String, beginning: String, rest: String) async throws {
        let sink = try await HTTPSink { _ in .status(200, body: answer) }
        let text = try await failure(of: 3, sentTo: sink)
        #expect(text.hasPrefix(beginning) && text.contains(rest), "\(text)")
        if answer.contains("old") { #expect(text.hasSuffix(#": too\u{9}old"#), "\(text)") }
    }

    @Test(arguments: ["", "{}", #"{"partialSuccess":{}}"#, #"{"partialSuccess":{"rejectedSpans":"0"}}"#, "<p>fine</p>"])
    func otherAnswersAreNoReasonToComplain(answer: String) async throws {
        let sink = try await HTTPSink { _ in .status(200, body: answer) }
        #expect(try await failure(of: 3, sentTo: sink) == "")
    }
}
