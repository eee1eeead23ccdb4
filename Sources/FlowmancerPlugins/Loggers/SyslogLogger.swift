public import FlowmancerCore
import FoundationEssentials
import Glibc

/// Sends what tasks write to the system's log.
///
/// ```yaml
/// loggers:
///   system:
///     logger: SyslogLogger
///     parameters:
///       facility: local0
///       level: warning
/// ```
/// Every line becomes a message `job/task: line`. The daemon is never waited for: messages that it does not take are
/// counted, and one that was started anew is found again.
public actor SyslogLogger: FlowLogger, FilteringLogger {
    public static let abstract = "Sends log lines to a syslog server or to the local syslog."

    /// Where the daemon listens.
    @Parameter("Where the daemon listens: the path of a socket, or host:port for UDP.")
    public var address = "/dev/log"

    /// The form of the messages; unless given, that of syslog(3) for a path and RFC 5424 for a port.
    @Parameter("The form of the messages: local, as syslog(3) has it, or rfc5424; by the address unless given.")
    package var format: SyslogMessage.Format?

    /// The facility of the messages.
    @Parameter("The facility of the messages, such as user, daemon or local0.")
    public var facility = SyslogFacility.user

    /// The name of the program in the messages.
    @Parameter("The name of the program in the messages.")
    public var appName = "flowmancer"

    /// The least severity of the lines that are sent.
    @Parameter("The least severity of the lines that are sent: debug, info, warning, error, critical.")
    public var level = Severity.debug

    /// Patterns of the tasks whose lines are sent; all of them if there is none.
    @Parameter("Patterns of the tasks whose lines are sent, such as fetch-*; all unless given.")
    public var include: TextList = []

    /// Patterns of the tasks whose lines are not sent.
    @Parameter("Patterns of the tasks whose lines are not sent.")
    public var exclude: TextList = []

    private var setup: Setup?

    private struct Setup {
        let filter: LogFilter
        let message: SyslogMessage
        let socket: DatagramSocket
    }

    /// Creates a logger with default parameters.
    public init() {}

    /// Finds the daemon.
    public func onCreate() async throws {
        do {
            try prepared().socket.connect()
        } catch {
            throw described(error)
        }
    }

    /// Sends a line.
    public func update(_ event: LogEvent) async throws {
        let setup = try prepared()
        guard setup.filter.admits(event) else { return }
        var failure: (any Error)?
        // The loss of one is no reason to keep the others back.
        for datagram in setup.message.datagrams(event) {
            do { try setup.socket.send(datagram) } catch { failure = failure ?? error }
        }
        if let failure { throw described(failure) }
    }

    /// Looks whether the last line was taken.
    public func onDestroy() async throws {
        do {
            try setup?.socket.checkLast()
        } catch {
            throw described(error)
        }
    }

    private func prepared() throws -> Setup {
        if let setup { return setup }
        guard let place = DatagramAddress(address, defaultPort: 514) else {
            throw SyslogError(
                "'\(address.printable)' is no address of a syslog daemon; 'address' expects the path of a socket, "
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
            "the syslog daemon at '\(address.printable)' takes no message: \(error); "
                + "start it, or name another one with 'address'"
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
