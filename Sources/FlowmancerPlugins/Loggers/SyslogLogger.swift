public import FlowmancerCore
import FlowmancerSystem
import FoundationEssentials
import Glibc

/// Sends the output of tasks to the system log.
///
/// ```yaml
/// loggers:
///   system:
///     logger: SyslogLogger
///     parameters:
///       facility: local0
///       level: warning
/// ```
/// Each line becomes a message of the form `job/task: line`. The logger never waits for the daemon. It counts the messages
/// that the daemon does not accept, and finds a daemon that was restarted.
public actor SyslogLogger: FlowLogger, FilteringLogger {
    public static let abstract = "Sends log lines to a syslog server or to the local syslog."

    /// The address of the daemon.
    @Parameter("The address of the daemon: the path of a socket, or host:port for UDP.")
    public var address = "/dev/log"

    /// The format of the messages. By default, that of syslog(3) for a path and RFC 5424 for a port.
    @Parameter("The format of the messages: local, as in syslog(3), or rfc5424; by default it depends on the address.")
    package var format: SyslogMessage.Format?

    /// The facility of the messages.
    @Parameter("The facility of the messages, such as user, daemon or local0.")
    public var facility = SyslogFacility.user

    /// The program name in the messages.
    @Parameter("The program name in the messages.")
    public var appName = "flowmancer"

    /// The lowest severity to send.
    @Parameter("The lowest severity to send: debug, info, warning, error or critical.")
    public var level = Severity.debug

    /// The tasks to send, as patterns. Without patterns, all tasks are sent.
    @Parameter("The tasks to send, as patterns such as fetch-*; all tasks by default.")
    public var include: TextList = []

    /// The tasks to leave out, as patterns.
    @Parameter("The tasks to leave out, as patterns.")
    public var exclude: TextList = []

    private var setup: Setup?
    private var lostLines = LostLines()

    private struct Setup {
        let filter: LogFilter
        let message: SyslogMessage
        let socket: DatagramSocket
    }

    /// Creates a logger with default parameters.
    public init() {}

    /// Connects to the daemon.
    public func onCreate() async throws {
        do {
            try prepared().socket.connect()
        } catch {
            throw described(error)
        }
    }

    /// Sends a line.
    public func update(_ event: TaskLogEvent) async throws {
        let setup = try prepared()
        guard setup.filter.admits(event) else { return }
        var failure: (any Error)?
        // The loss of one is no reason to keep the others back.
        for datagram in setup.message.datagrams(event) {
            do {
                try setup.socket.send(datagram)
            } catch {
                lostLines.add(1, described(error))
                failure = failure ?? error
            }
        }
        if let failure { throw described(failure) }
    }

    /// Checks whether the daemon accepted the last line, and reports how many lines were lost.
    public func onDestroy() async throws {
        do { try setup?.socket.checkLast() } catch { lostLines.add(1, described(error)) }
        try lostLines.check()
    }

    private func prepared() throws -> Setup {
        if let setup { return setup }
        guard let place = DatagramAddress(address, defaultPort: 514) else {
            throw SyslogError(
                "'\(address.printable)' is not the address of a syslog daemon; 'address' expects the path of a socket, "
                    + "or host:port"
            )
        }
        let isLocal = if case .path = place { true } else { false }
        let message = SyslogMessage(
            format: format ?? (isLocal ? .local : .rfc5424),
            facility: facility,
            appName: appName,
            hostName: ProcessInfo.processInfo.hostName,
            processID: getpid(),
            // Daemons take 8 KiB from their own machine; what comes over UDP should fit into few packets.
            maximumLength: isLocal ? 8_192 : 2_048
        )
        let setup = Setup(
            filter: LogFilter(level: level, include: include, exclude: exclude),
            message: message,
            socket: DatagramSocket(place)
        )
        self.setup = setup
        return setup
    }

    private func described(_ error: any Error) -> any Error {
        if error is SyslogError { return error }
        return SyslogError(
            "the syslog daemon at '\(address.printable)' does not accept messages: \(error); "
                + "start it, or set 'address' to another one"
        )
    }
}

/// A log that cannot be reached.
private struct SyslogError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
