public import FlowmancerCore
package import FlowmancerHTTP
package import struct FoundationEssentials.Date
import Glibc

/// Sends a trace of the run to a collector that accepts OTLP over HTTP, such as the OpenTelemetry Collector, Jaeger
/// or Tempo.
///
/// The run is a span, and every attempt of a task is a child span of it. The span of an attempt has links to the
/// attempts that completed the dependencies of the task.
/// ```yaml
/// extensions:
///   tracing:
///     extension: TracingExtension
///     parameters:
///       endpoint: http://localhost:4318/v1/traces
///       service_name: nightly-jobs
/// ```
public actor TracingExtension: FlowExtension {
    public static let abstract = "Sends a trace of the run to an OpenTelemetry collector."

    @Parameter("The URL of the collector.")
    package var endpoint = HTTPAddress("http://localhost:4318/v1/traces")!

    @Parameter(.secret, "Additional headers by name, for example with an API key.")
    package var headers: [String: String] = [:]

    /// A PEM file with additional certificate authorities to trust.
    @Parameter("A PEM file with additional certificate authorities to trust.")
    public var caFile: String?

    /// The service name of the spans.
    @Parameter("The service name of the spans.")
    public var serviceName = "flowmancer"

    /// How many spans wait at most; those beyond are lost if the collector does not take them.
    private static let mostWaiting = 20_000
    private static let spansPerRequest = 500

    private let now: @Sendable () -> Date
    private let pause: @Sendable () async -> Void
    private let nextID: @Sendable () -> UInt64
    private var trace: RunTrace?
    private var waiting: [Span] = []
    private var lost = 0
    /// Why the collector did not take spans for good, when that happened first.
    private var refusal: String?
    private var sender: Task<Void, Never>?
    /// What went wrong when nobody waited for it; the next call throws it.
    private var deferredError: (any Error)?

    /// Creates an extension for a collector on this machine.
    public init() {
        self.init(
            now: { Date() },
            pause: { try? await Task.sleep(for: .seconds(5)) },
            nextID: { .random(in: 1 ... .max) }
        )
    }

    /// - Parameters:
    ///   - now: The clock.
    ///   - pause: Waits until spans should be sent.
    ///   - nextID: Returns random numbers.
    package init(
        now: @escaping @Sendable () -> Date,
        pause: @escaping @Sendable () async -> Void,
        nextID: @escaping @Sendable () -> UInt64
    ) {
        self.now = now
        self.pause = pause
        self.nextID = nextID
    }

    /// Starts the trace.
    public func onCreate() async throws {
        trace = RunTrace(runInfo, nextID: nextID)
    }

    /// Records a change of state. Spans are sent in the background.
    public func update(_ event: ExecutionEvent) async throws {
        if let span = trace?.apply(event) {
            keep(span)
            sendSoon()
        }
        defer { deferredError = nil }
        if let deferredError { throw deferredError }
    }

    /// Ends the trace of a run that succeeded.
    public func onSuccess() async throws { end(.success) }

    /// Ends the trace of a run that failed.
    public func onFailure() async throws { end(.failure("a task failed")) }

    /// Ends the trace of a run that was aborted.
    public func onAbort() async throws { end(.failure("the run was aborted")) }

    /// Sends the remaining spans.
    ///
    /// - Throws: An error with the number of lost spans if the collector did not accept all of them.
    public func onDestroy() async throws {
        sender?.cancel()
        await sender?.value
        sender = nil
        var failure: String?
        do {
            try await sendAll(within: runInfo.job.configuration.pluginGrace * 4 / 5)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            failure = error.inWords
        }
        lost += waiting.count
        waiting = []
        if lost > 0 {
            let reason = failure ?? refusal ?? "the collector did not accept them in time"
            throw TelemetryError("\(lost == 1 ? "1 span was" : "\(lost) spans were") lost: \(reason)")
        }
        if let refusal { throw TelemetryError(refusal) }
    }

    private func end(_ status: Span.Status) {
        if let trace { keep(trace.finish(at: now(), status)) }
    }

    private func keep(_ span: Span) {
        guard waiting.count < Self.mostWaiting else {
            lost += 1
            return
        }
        waiting.append(span)
    }

    // MARK: Sending

    private func sendSoon() {
        guard sender == nil else { return }
        sender = Task { [weak self, pause] in
            repeat { await pause() } while await self?.sendNow() == true && !Task.isCancelled
        }
    }

    /// - Returns: Whether something is left.
    private func sendNow() async -> Bool {
        if !Task.isCancelled {
            do {
                try await sendAll(within: HTTPSender.limit)
            } catch is CancellationError {
            } catch {
                deferredError = error
            }
        }
        guard waiting.isEmpty else { return true }
        sender = nil
        return false
    }

    /// Sends what waits; what is not taken goes on waiting, but for what would never be.
    private func sendAll(within limit: Duration) async throws {
        let deadline = ContinuousClock.now + limit
        while let trace, !waiting.isEmpty {
            let remaining = ContinuousClock.now.duration(to: deadline)
            guard remaining > .zero else {
                throw TelemetryError(
                    "\(endpoint.host) did not accept all spans within \(limit.text); \(waiting.count) are left. "
                        + "Check that the service keeps up"
                )
            }
            let batch = Array(waiting.prefix(Self.spansPerRequest))
            let body = OTLPText.body(of: batch, in: trace.id, resource: resource)
            let message = HTTPMessage(
                url: endpoint,
                contentType: "application/json",
                headers: fields,
                body: body
            )
            // Sending is a pause in which further spans may come: they are added at the end.
            do {
                let answer = try await HTTPSender(authorities: caFile, masking: runInfo.mask).send(
                    message,
                    within: min(remaining, HTTPSender.limit),
                    advice: "check 'endpoint' and 'headers'",
                    readsAnswer: true
                )
                note(OTLPAnswer(answer), on: batch.count)
            } catch let error as HTTPDeliveryError where error.isRefusal {
                refuse(batch.count, error.inWords)
            }
            waiting.removeFirst(batch.count)
        }
    }

    private func note(_ answer: OTLPAnswer, on count: Int) {
        let rejected = min(answer.rejectedSpans, count)
        guard rejected > 0 || !answer.message.isEmpty else { return }
        let message = String(runInfo.mask(answer.message).printable.prefix(200))
        let said = message.isEmpty ? "" : ": \(message)"
        let event = rejected > 0 ? "rejected \(rejected) of \(count) spans" : "accepted the spans with a message"
        refuse(rejected, "\(endpoint.host) \(event)\(said)")
    }

    /// Counts spans that are lost for good. People are told at the end, when it is known how many: of several errors
    /// they see the first.
    private func refuse(_ count: Int, _ reason: String) {
        lost += count
        refusal = refusal ?? reason
    }

    private var fields: [(name: String, value: String)] {
        headers.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
    }

    private var resource: [(key: String, value: Span.Value)] {
        [
            ("service.name", .text(serviceName)), ("host.name", .text(runInfo.hostName)),
            ("process.pid", .number(Int(getpid()))), ("telemetry.sdk.name", .text("flowmancer")),
            ("telemetry.sdk.language", .text("swift")),
        ]
    }
}
