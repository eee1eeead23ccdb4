import FlowmancerCore

/// Decides how many pilots an executor is asked for, and keeps what is known of those that were.
struct PilotFleet {
    private enum State {
        /// It was asked for, and has not been heard of. What the executor says of it.
        case expected(PilotState?)
        case joined
        /// It is over, for this reason.
        case over(String)
    }

    private let scale: PilotScale
    private var pilots: [String: State] = [:]
    /// Whether the executor can be asked for pilots.
    var isOpen = false
    private var isRequesting = false
    /// When pilots may be asked for again.
    private var earliestRequest: ContinuousClock.Instant?
    private var refusals = 0
    /// Pilots in a row that were over before they had said anything, and why the last one was.
    private var stillborn = 0
    private var lastReason = ""
    /// Since when more pilots are expected than there is work for.
    private var spareSince: ContinuousClock.Instant?
    private var lastNote: (note: ClusterNote, time: ContinuousClock.Instant)?

    /// How many pilots may be stillborn in a row.
    private static let patience = 3
    /// How often people are told again of what is waited for.
    private static let noteInterval = Duration.seconds(60)

    init(_ scale: PilotScale) { self.scale = scale }

    private var expected: [String] {
        pilots.compactMap { pilot, state in if case .expected = state { pilot } else { nil } }
    }
    private var joined: Int { pilots.values.count { if case .joined = $0 { true } else { false } } }

    /// Whether there are more pilots than the fewest that there should be.
    var mayShrink: Bool { joined + expected.count > scale.minimum }

    /// The pilots whose state is to be asked for.
    var uncertain: [String] {
        pilots.compactMap { pilot, state in if case .over = state { nil } else { pilot } }.sorted()
    }

    // MARK: Asking

    /// Returns how many further pilots to ask for now; `nil` for none.
    ///
    /// - Parameters:
    ///   - waiting: How many processors the attempts need that find no place.
    ///   - perNode: How many each machine has.
    mutating func demand(waiting: Int, perNode: Int, at now: ContinuousClock.Instant) -> Int? {
        if waiting > 0 { spareSince = nil }
        guard isOpen, !isRequesting, earliestRequest.map({ now >= $0 }) ?? true else { return nil }
        let (expected, perNode) = (expected.count, max(1, perNode))
        let lacking = max(0, (waiting + perNode - 1) / perNode - expected)
        let live = joined + expected
        let target = min(scale.maximum, max(scale.minimum, live + lacking))
        guard target > live else { return nil }
        isRequesting = true
        return target - live
    }

    mutating func add(_ ids: [String]) {
        isRequesting = false
        refusals = 0
        earliestRequest = nil
        for id in ids where pilots[id] == nil { pilots[id] = .expected(nil) }
    }

    mutating func noteRefusal(at now: ContinuousClock.Instant) {
        isRequesting = false
        refusals += 1
        earliestRequest = now + min(.seconds(5 * (1 << min(refusals - 1, 4))), .seconds(60))
    }

    // MARK: News

    /// A pilot has connected.
    ///
    /// - Returns: Whether it is wanted.
    mutating func join(_ pilot: String) -> Bool {
        switch pilots[pilot] {
        case nil where !isRequesting: return false
        case .expected, nil:
            // It may be there before the answer to the request is.
            pilots[pilot] = .joined
            stillborn = 0
            return true
        case .joined, .over:
            return false
        }
    }

    /// Takes note of what has become of a pilot.
    ///
    /// - Returns: Why it is over, if that is news.
    mutating func note(_ state: PilotState, of pilot: String) -> String? {
        switch (pilots[pilot], state) {
        case (.expected, .over(let reason)):
            stillborn += 1
            lastReason = reason
            pilots[pilot] = .over(reason)
            return reason
        case (.joined, .over(let reason)):
            pilots[pilot] = .over(reason)
            return reason
        case (.joined, .waiting):
            let reason = "it was put back into the queue"
            pilots[pilot] = .over(reason)
            return reason
        case (.expected, let state):
            pilots[pilot] = .expected(state)
            return nil
        case (.joined, _), (.over, _), (nil, _):
            return nil
        }
    }

    /// Why a pilot is over; `nil` if it is not known to be.
    func end(of pilot: String) -> String? {
        if case .over(let reason) = pilots[pilot] { reason } else { nil }
    }

    /// Why no pilot will ever come; `nil` if there is hope.
    var hopelessness: String? { stillborn >= Self.patience && joined == 0 ? lastReason : nil }

    /// What people should know of the pilots that are waited for.
    mutating func waitingNote(at now: ContinuousClock.Instant) -> ClusterNote? {
        let reasons = pilots.values.compactMap { state in
            if case .expected(.waiting(let reason)) = state { reason } else { nil }
        }
        guard !reasons.isEmpty else { return nil }
        let note = ClusterNote.waiting(reasons.count, reasons: Set(reasons).sorted())
        if let lastNote, lastNote.note == note, now - lastNote.time < Self.noteInterval { return nil }
        lastNote = (note, now)
        return note
    }

    // MARK: Letting go

    /// Forgets a pilot.
    ///
    /// - Returns: Whether the executor is to end it.
    mutating func release(_ pilot: String) -> Bool {
        if case .over = pilots[pilot] { return false }
        pilots[pilot] = .over("it was released")
        return true
    }

    /// Returns pilots that have not started and for which there has been no work for a while.
    mutating func releaseSpare(at now: ContinuousClock.Instant) -> [String] {
        let expected = expected
        guard !expected.isEmpty else { return [] }
        guard let since = spareSince else {
            spareSince = now
            return []
        }
        let count = min(expected.count, joined + expected.count - scale.minimum)
        guard now - since >= scale.idle, count > 0 else { return [] }
        let spare = Array(expected.sorted().suffix(count))
        for pilot in spare { pilots[pilot] = .over("it was released") }
        return spare
    }
}
