import CoreMetrics
import FlowmancerCore
import FlowmancerTelemetry
import Foundation
import MetricsTestKit
import OrderedCollections
import Testing

/// The backend of a process is chosen once: these tests share it.
private let backend: TestMetrics = {
    let backend = TestMetrics()
    MetricsSystem.bootstrap(backend)
    return backend
}()

@Suite struct MetricsExtensionTests {
    private func inRun<Value: Sendable>(
        _ job: String,
        _ body: @Sendable () async throws -> Value
    ) async rethrows -> Value {
        var context = FlowContext.current
        context.runInfo = RunInfo(job: JobDefinition(name: job), startedAt: Date())
        return try await FlowContext.$taskLocal.withValue(context) { try await body() }
    }

    /// What the extension says when it is created; nothing if that is no failure.
    private func errorOfCreation(of metrics: MetricsExtension) async -> String {
        await inRun("j") {
            do {
                try await metrics.onCreate()
                return ""
            } catch {
                return "\(error)"
            }
        }
    }

    private func event(_ from: ExecutionState, _ to: ExecutionState, at seconds: Double) -> ExecutionEvent {
        ExecutionEvent(
            jobName: "j",
            taskName: "a",
            timestamp: Date(timeIntervalSince1970: seconds),
            attempt: 1,
            from: from,
            to: to
        )
    }

    @Test func theBackendOfTheProgramGetsTheNumbers() async throws {
        let backend = backend
        let metrics = MetricsExtension()
        try await inRun("backend-job") {
            try await metrics.onCreate()
            try await metrics.update(event(.pending, .running, at: 0))
            try await metrics.update(event(.running, .completed, at: 2))
            try await metrics.onSuccess()
            try await metrics.onDestroy()
        }
        let job = ("job_name", "backend-job")
        let completed = try backend.expectCounter("flowmancer_attempts_total", [job, ("outcome", "completed")])
        #expect(completed.totalValue == 1)
        let timer = try backend.expectTimer("flowmancer_attempt_duration_seconds", [job])
        #expect(timer.lastValue == 2_000_000_000)
        let running = try backend.expectRecorder("flowmancer_running_attempts", [job])
        #expect(running.values == [1, 0])
        #expect(try backend.expectTimer("flowmancer_job_duration_seconds", [job]).values.count == 1)
    }

    @Test func theFileIsReplacedBesideTheRunAndAtTheEnd() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "flowmancer-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        let file = directory.appending(path: "a/job.prom").path
        let pauses = AsyncStream.makeStream(of: Void.self)
        let due = AsyncStream.makeStream(of: Void.self)
        let metrics = MetricsExtension(
            now: { Date() },
            pause: {
                pauses.continuation.yield()
                for await _ in due.stream { break }
            }
        )
        await metrics.setFile(file)
        try await inRun("file-job") {
            try await metrics.onCreate()
            #expect(
                try String(contentsOfFile: file, encoding: .utf8).contains(
                    "flowmancer_running_attempts{job_name=\"file-job\"} 0"
                )
            )
            try await metrics.update(event(.pending, .running, at: 0))
            for await _ in pauses.stream { break }
            due.continuation.yield()
            while try !String(contentsOfFile: file, encoding: .utf8).contains(
                "running_attempts{job_name=\"file-job\"} 1"
            ) {
                await Task.yield()
            }
            try await metrics.onFailure()
            due.continuation.finish()
            try await metrics.onDestroy()
        }
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(text.contains("flowmancer_job_success{job_name=\"file-job\"} 0"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path + "/a") == ["job.prom"])
    }

    @Test func aFileThatCannotBeWrittenIsAnErrorThatSaysSo() async throws {
        let metrics = MetricsExtension()
        await metrics.setFile("/proc/nowhere/x.prom")
        let text = await errorOfCreation(of: metrics)
        #expect(text.contains("cannot write the file '/proc/nowhere/x.prom'"), "\(text)")
        #expect(text.contains("'prometheus_file'"))
    }

    @Test(arguments: [
        ("statsd", "h:65536"), ("statsd", "h:0"), ("statsd", ":1"), ("prometheus_file", "x/"), ("prometheusFile", ""),
    ])
    func aPlaceThatIsNoneIsAnErrorOfTheJob(key: String, text: String) {
        let job = JobDefinition(name: "j")
        let issues = MetricsExtension.issues(with: [key: .string(text)], at: ParameterPath(), in: job)
        #expect(issues.map { "\($0.path)" } == [key])
        #expect(issues.first?.message.hasSuffix("found the text \"\(text)\"") == true, "\(issues)")
        let others: OrderedDictionary<String, ParameterValue> = ["statsd": "h:65535", "prometheus_file": "x/y"]
        #expect(MetricsExtension.issues(with: others, at: ParameterPath(), in: job) == [])
    }

    @Test func aDaemonThatIsNotThereLeavesNoFileUnwritten() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "flowmancer-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        let file = directory.appending(path: "job.prom").path
        let metrics = MetricsExtension()
        await metrics.setFile(file)
        await metrics.setDaemon(directory.appending(path: "nobody").path)
        let text = await errorOfCreation(of: metrics)
        #expect(text.contains("'statsd'"), "\(text)")
        #expect(FileManager.default.fileExists(atPath: file))
    }
}

extension MetricsExtension {
    fileprivate func setDaemon(_ place: String) { statsd = place }
    fileprivate func setFile(_ file: String) { prometheusFile = file }
}
