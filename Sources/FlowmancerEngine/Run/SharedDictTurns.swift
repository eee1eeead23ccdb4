import DequeModule

/// Who uses the shared dictionary.
enum SharedDictClient: Hashable {
    /// An attempt, by its number in the run.
    case attempt(UInt64)
    /// The plug-ins in the engine's process.
    case plugins
}

/// Whose turn it is to update which value: for each key one client's, in the order in which they asked.
///
/// A pure value. A turn spares others useless work, no more: that no write is lost is ensured by the revisions of
/// ``SharedDictStore``. It may be taken from a client that makes nothing of it.
struct SharedDictTurns<Ticket> {
    private struct Line {
        var holder: SharedDictClient
        /// Differs from turn to turn.
        var turn: UInt64
        var waiting = Deque<(client: SharedDictClient, ticket: Ticket)>()
    }

    private var lines: [String: Line] = [:]
    /// How often every client stands in which line, so that its end need not look for it in all.
    private var places: [SharedDictClient: [String: Int]] = [:]
    private var lastTurn: UInt64 = 0

    /// Puts a client at the end of a key's line.
    ///
    /// - Returns: Whether it is its turn at once; its ticket is kept until then otherwise.
    mutating func enter(_ key: String, _ client: SharedDictClient, _ ticket: Ticket) -> Bool {
        places[client, default: [:]][key, default: 0] += 1
        guard lines[key] != nil else {
            lastTurn += 1
            lines[key] = Line(holder: client, turn: lastTurn)
            return true
        }
        lines[key]?.waiting.append((client, ticket))
        return false
    }

    /// Ends the turn of a client, if it has it.
    ///
    /// - Returns: The ticket of the client whose turn it is now, if one waited.
    mutating func leave(_ key: String, _ client: SharedDictClient) -> Ticket? {
        guard lines[key]?.holder == client else { return nil }
        return advance(key)
    }

    /// Takes a client out of all lines.
    ///
    /// - Returns: The tickets of those whose turn it is now, and of the client itself: it need not wait any longer.
    mutating func leaveAll(_ client: SharedDictClient) -> [(key: String, ticket: Ticket)] {
        var tickets: [(key: String, ticket: Ticket)] = []
        for key in (places[client] ?? [:]).keys.sorted() {
            for (waiting, ticket) in lines[key]?.waiting ?? [] where waiting == client { tickets.append((key, ticket)) }
            lines[key]?.waiting.removeAll { $0.client == client }
            if let ticket = leave(key, client) { tickets.append((key, ticket)) }
        }
        places[client] = nil
        return tickets
    }

    /// Ends a turn that lasts too long, if it is still the same one.
    ///
    /// - Returns: The ticket of the client whose turn it is now, if one waited.
    mutating func end(_ turn: UInt64, of key: String) -> Ticket? {
        guard lines[key]?.turn == turn else { return nil }
        return advance(key)
    }

    /// The turn that others wait for; `nil` if nobody waits.
    func awaitedTurn(of key: String) -> UInt64? {
        guard let line = lines[key], !line.waiting.isEmpty else { return nil }
        return line.turn
    }

    /// Empties all lines.
    ///
    /// - Returns: The tickets of those who waited.
    mutating func dismissAll() -> [(key: String, ticket: Ticket)] {
        defer { self = SharedDictTurns() }
        return lines.flatMap { key, line in line.waiting.map { (key, $0.ticket) } }
    }

    private mutating func advance(_ key: String) -> Ticket? {
        guard let holder = lines[key]?.holder else { return nil }
        forget(holder, key)
        guard let next = lines[key]?.waiting.popFirst() else {
            lines[key] = nil
            return nil
        }
        lastTurn += 1
        lines[key]?.holder = next.client
        lines[key]?.turn = lastTurn
        return next.ticket
    }

    private mutating func forget(_ client: SharedDictClient, _ key: String) {
        guard let count = places[client]?[key] else { return }
        places[client]?[key] = count > 1 ? count - 1 : nil
        if places[client]?.isEmpty == true { places[client] = nil }
    }
}
