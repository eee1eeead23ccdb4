public import FlowmancerCore

/// What a pilot got from the engine to connect with it: where the engine is, and the keys of both sides.
///
/// A ``PilotListener`` writes it into a private file. Whoever can read the file can become a pilot of the run. Printing
/// an invitation shows no keys.
public struct PilotInvitation: Sendable, CustomStringConvertible, CustomReflectable {
    /// The file.
    public let path: String
    /// What the engine says about the run.
    public let site: PilotSite
    private let hosts: [String]
    private let port: Int
    private let tls: TLSSide

    /// Reads an invitation.
    ///
    /// - Throws: An error if the file is missing or damaged, if it belongs to another user, or if others could read it.
    public init(path: String) throws(PilotInvitationError) {
        let contents = try InvitationFile.read(path)
        do {
            tls = try TLSSide(
                .pilot,
                certificate: contents.pilotCertificate,
                key: contents.pilotKey,
                expecting: contents.engineCertificate
            )
        } catch {
            throw PilotInvitationError(.damaged, path)
        }
        self.path = path
        site = contents.site.site
        hosts = contents.hosts
        port = contents.port
    }

    /// Connects with the engine.
    ///
    /// All addresses of the engine's machine are tried, each a little later than the one before. The first that answers
    /// is used.
    ///
    /// - Returns: The connection, which the engine has accepted.
    /// - Throws: A ``PilotConnectError``, or `CancellationError` if the Swift task is cancelled.
    public func connect() async throws -> any PilotConnection {
        try await ConnectionRace(hosts: hosts, port: port, tls: tls, thread: .pilot).run()
    }

    /// The run and the file.
    public var description: String { "invitation to run \(site.run), '\(path.printable)'" }

    /// The run and the file.
    public var customMirror: Mirror { Mirror(self, children: ["path": path, "site": site]) }
}
