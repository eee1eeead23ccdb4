internal import NIOCore

/// Tries the addresses of an engine, and uses the first that answers.
///
/// Each is tried a little later than the one before, or as soon as that one has failed, so that dead addresses cost
/// little time and good ones are not bothered without need.
struct ConnectionRace: Sendable {
    struct Limits: Sendable {
        /// So much later the next address is tried.
        var head = Duration.milliseconds(250)
        /// So long the machine of an address may take to answer at all.
        var connecting = TimeAmount.seconds(3)
        /// So long an engine may take in all. It may be busy: other pilots start at the same time.
        var accepting = TimeAmount.seconds(10)
    }

    let hosts: [String]
    let port: Int
    let tls: TLSSide
    let thread: ConnectionThread
    var limits = Limits()

    private enum Event: Sendable {
        case connected(TLSConnection)
        /// There is no reason if another one has won.
        case failed(index: Int, reason: String?)
        /// It is time for the next address.
        case next
    }

    /// - Throws: A ``PilotConnectError`` or a `CancellationError`.
    func run() async throws -> TLSConnection {
        let election = Election()
        var reasons: [Int: String] = [:]
        let connection = await withTaskGroup(of: Event.self) { group in
            var begun = 0
            func begin() {
                // The others are the same engine.
                guard begun < hosts.count, !election.isOver, !Task.isCancelled else { return }
                let index = begun
                begun += 1
                group.addTask { await attempt(index, election) }
                guard begun < hosts.count else { return }
                group.addTask {
                    try? await Task.sleep(for: limits.head)
                    return .next
                }
            }
            begin()
            var connection: TLSConnection?
            for await event in group {
                switch event {
                case .next:
                    begin()
                case .failed(let index, let reason):
                    reasons[index] = reason
                    begin()
                case .connected(let winner):
                    connection = winner
                    group.cancelAll()
                }
            }
            return connection
        }
        if let connection, !Task.isCancelled { return connection }
        connection?.close()
        try Task.checkCancellation()
        throw PilotConnectError(reasons.sorted { $0.key < $1.key }.map { (hosts[$0.key], $0.value) }, port: port)
    }

    private func attempt(_ index: Int, _ election: Election) async -> Event {
        do {
            let attempt = ConnectionAttempt(host: hosts[index], port: port, tls: tls, thread: thread, limits: limits)
            return .connected(try await attempt.run(election))
        } catch HandshakeFailure.cancelled {
            return .failed(index: index, reason: nil)
        } catch {
            return .failed(index: index, reason: ConnectionWords.failure(of: error))
        }
    }
}
