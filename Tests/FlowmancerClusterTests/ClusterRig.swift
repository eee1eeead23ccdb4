import FlowmancerCore
import TestSupport

@testable import FlowmancerCluster

/// An engine that listens for pilots, in a directory of its own.
struct ClusterRig {
    let directory: TemporaryDirectory
    let listener: PilotListener
    private let accepted: AsyncStream<any PilotConnection>

    init(address: String? = "127.0.0.1", limits: Reception.Limits? = nil) async throws {
        directory = try TemporaryDirectory()
        let (stream, continuation) = AsyncStream.makeStream(of: (any PilotConnection).self)
        accepted = stream
        listener = try await PilotListener(
            Self.site(in: directory.path),
            at: address.map { try PilotAddress($0) } ?? .any,
            // Machines that run tests may be slow.
            limits: limits ?? Reception.Limits(deadline: .minutes(5))
        ) { continuation.yield($0) }
    }

    static func site(in directory: String) -> PilotSite {
        PilotSite(
            run: RunID(),
            job: "job \"quoted\"",
            executor: "slurm",
            program: "/opt/app\u{10FEE9}",
            arguments: ["pilot", "--in", ""],
            root: "/srv/shared",
            directory: directory,
            lease: .seconds(30)
        )
    }

    /// Waits for the next connection that the engine accepts.
    func next() async -> ConnectionProbe? {
        for await connection in accepted { return ConnectionProbe(connection) }
        return nil
    }

    /// Connects a pilot.
    func pair() async throws -> (engine: ConnectionProbe, pilot: ConnectionProbe) {
        try await pair(port: nil)
    }

    /// Connects a pilot by another way than the invitation says.
    func pair(port: Int?) async throws -> (engine: ConnectionProbe, pilot: ConnectionProbe) {
        let pilot = ConnectionProbe(try await race(port: port).run())
        guard let engine = await next() else { throw SetupError(text: "no connection") }
        return (engine, pilot)
    }

    /// Makes a pilot that differs from what the invitation says.
    func race(
        hosts: [String]? = nil,
        port: Int? = nil,
        limits: ConnectionRace.Limits = ConnectionRace.Limits(accepting: .minutes(5)),
        _ change: (inout InvitationContents) throws -> Void = { _ in }
    ) throws -> ConnectionRace {
        var contents = try InvitationFile.read(listener.invitation)
        try change(&contents)
        let tls = try TLSSide(
            .pilot,
            certificate: contents.pilotCertificate,
            key: contents.pilotKey,
            expecting: contents.engineCertificate
        )
        return ConnectionRace(
            hosts: hosts ?? contents.hosts,
            port: port ?? contents.port,
            tls: tls,
            thread: .pilot,
            limits: limits
        )
    }
}

/// Bytes that differ from place to place.
func pattern(_ count: Int, seed: UInt8 = 0) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
        var state = UInt32(seed) &* 2_654_435_761 &+ 1
        var index = 0
        while index < count {
            state = state &* 1_664_525 &+ 1_013_904_223
            buffer[index] = UInt8(truncatingIfNeeded: state &>> 24)
            index &+= 1
        }
        initialized = count
    }
}
