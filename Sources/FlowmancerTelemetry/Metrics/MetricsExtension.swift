public import FlowmancerCore
import FlowmancerSystem
package import struct FoundationEssentials.Date

/// Counts the attempts of tasks by outcome, and measures the duration of attempts and of the run.
///
/// The metrics are sent to the swift-metrics backend that your program sets with `MetricsSystem.bootstrap`. With
/// parameters, they are also written to a file for Prometheus or sent to a StatsD daemon.
/// ```yaml
/// extensions:
///   metrics:
///     extension: MetricsExtension
///     parameters:
///       prometheus_file: /var/lib/node_exporter/textfile/nightly.prom
///       statsd: localhost:8125
/// ```
public actor MetricsExtension: FlowExtension {
    public static let abstract = "Reports metrics of the run, for instance to Prometheus or StatsD."

    /// A file for Prometheus. It is rewritten every few seconds and at the end of the run.
    @Parameter("A file for Prometheus. It is rewritten every few seconds and at the end of the run.")
    public var prometheusFile: String?

    /// The address of a StatsD daemon: `host:port`, or the path of a socket.
    @Parameter("The address of a StatsD daemon: host:port, or the path of a socket.")
    public var statsd: String?

    private let now: @Sendable () -> Date
    private let pause: @Sendable () async -> Void
    private var metrics: RunMetrics?
    private var backend: BackendMetrics?
    private var daemon: (socket: DatagramSocket, text: StatsDText)?
    private var writer: Task<Void, Never>?
    private var isDirty = false
    /// What went wrong when nobody waited for it; the next call throws it.
    private var deferredError: (any Error)?

    /// Creates an extension that sends metrics to the swift-metrics backend only.
    public init() {
        self.init(now: { Date() }, pause: { try? await Task.sleep(for: .seconds(5)) })
    }

    /// - Parameters:
    ///   - now: The clock.
    ///   - pause: Waits until the file should be written again.
    package init(now: @escaping @Sendable () -> Date, pause: @escaping @Sendable () async -> Void) {
        self.now = now
        self.pause = pause
    }

    /// Starts to count, writes the file and connects to the daemon.
    ///
    /// - Throws: An error if the file cannot be written or the daemon cannot be reached.
    public func onCreate() async throws {
        let job = runInfo.job.configuration.name
        metrics = RunMetrics(jobName: job, startedAt: runInfo.startedAt)
        backend = BackendMetrics(jobName: job)
        // Neither goes without the other's numbers: a daemon that is not there leaves no file unwritten.
        let connection = Result { try connect(as: job) }
        try writeFile()
        try connection.get()
    }

    /// Counts a change of state.
    public func update(_ event: ExecutionEvent) async throws {
        let before = metrics?.running
        // In place: a copy would copy all that runs, for every event.
        let ended = metrics?.apply(event)
        guard let running = metrics?.running else { return }
        isDirty = true
        writeSoon()
        if let ended { backend?.record(ended) }
        if running != before { backend?.record(running: running) }
        if let daemon {
            let parts: [String?] = [
                ended.map(daemon.text.lines), running != before ? daemon.text.line(running: running) : nil,
            ]
            try send(parts.compactMap(\.self).joined(separator: "\n"))
        }
        try throwDeferredError()
    }

    /// Records that the run succeeded.
    public func onSuccess() async throws { try end(isSuccess: true) }

    /// Records that the run failed.
    public func onFailure() async throws { try end(isSuccess: false) }

    /// Records that the run was aborted.
    public func onAbort() async throws { try end(isSuccess: false) }

    /// Writes the file for the last time, and checks that the daemon received the last metrics.
    public func onDestroy() async throws {
        writer?.cancel()
        await writer?.value
        writer = nil
        try writeFile()
        do {
            try daemon?.socket.checkLast()
        } catch {
            throw unreachable(error)
        }
        try throwDeferredError()
    }

    private func end(isSuccess: Bool) throws {
        let date = now()
        metrics?.end(at: date, isSuccess: isSuccess)
        guard let metrics else { return }
        backend?.record(jobSeconds: metrics.seconds(at: date))
        if let daemon { try send(daemon.text.lines(ofEnd: metrics, now: date)) }
    }

    // MARK: The file

    private func writeFile() throws {
        isDirty = false
        guard let prometheusFile, let metrics else { return }
        let text = PrometheusText.text(of: metrics, now: now())
        try AtomicFile.write(Array(text.utf8), to: prometheusFile, setting: "prometheus_file")
    }

    /// Sees to it that the file is written before long, even if no further event comes.
    private func writeSoon() {
        guard writer == nil, prometheusFile != nil else { return }
        writer = Task { [weak self, pause] in
            repeat { await pause() } while await self?.writeNow() == true && !Task.isCancelled
        }
    }

    /// - Returns: Whether more has happened since, or the file could not be written.
    private func writeNow() -> Bool {
        do {
            if isDirty { try writeFile() }
        } catch {
            deferredError = error
            isDirty = true
        }
        if !isDirty { writer = nil }
        return isDirty
    }

    // MARK: The daemon

    private func connect(as job: String) throws {
        guard let statsd else { return }
        daemon = (try socket(to: statsd), StatsDText(jobName: job))
    }

    private func socket(to place: String) throws -> DatagramSocket {
        guard let address = DatagramAddress(place, defaultPort: Self.defaultPort) else {
            throw TelemetryError(
                "'\(place.printable)' is not the address of a StatsD daemon; set 'statsd' to host:port"
            )
        }
        let socket = DatagramSocket(address)
        do {
            try socket.connect()
        } catch {
            throw unreachable(error)
        }
        return socket
    }

    private func send(_ text: String) throws {
        guard let daemon, !text.isEmpty else { return }
        do {
            try daemon.socket.send(Array(text.utf8))
        } catch {
            throw unreachable(error)
        }
    }

    private func unreachable(_ error: any Error) -> TelemetryError {
        TelemetryError(
            "the StatsD daemon at '\(statsd?.printable ?? "")' cannot be reached: \(error); start it, or change 'statsd'"
        )
    }

    private func throwDeferredError() throws {
        defer { deferredError = nil }
        if let deferredError { throw deferredError }
    }
}

/// Numbers or spans that could not be handed on.
struct TelemetryError: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
