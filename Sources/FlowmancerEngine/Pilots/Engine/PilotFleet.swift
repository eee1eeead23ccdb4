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

    private static let released = State.over("it was released")
    /// How many pilots may be stillborn in a row.
    private static let patience = 3
    /// How often people are told again of what is waited for.
    private static let noteInterval = Duration.seconds(60)

    init(_ scale: PilotScale) { self.scale = scale }

    /// How many pilots have not been heard of yet, and how many have connected. None of these is over.
    private var expected = 0
    private var joined = 0
    private var live: Int { joined + expected }

    /// Whether there are more pilots than the fewest that there should be.
    var mayShrink: Bool { live > scale.minimum }

    /// The only place where what is known of a pilot changes: what is counted follows from it.
    private mutating func enter(_ state: State, _ pilot: String) {
        if let former = pilots.updateValue(state, forKey: pilot) { count(former, -1) }
        count(state, 1)
    }

    private mutating func count(_ state: State, _ change: Int) {
        switch state {
        case .expected: expected += change
        case .joined: joined += change
        case .over: break
        }
    }

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
        let perNode = max(1, perNode)
        let lacking = max(0, (waiting + perNode - 1) / perNode - expected)
        let target = min(scale.maximum, max(scale.minimum, live + lacking))
        guard target > live else { return nil }
        isRequesting = true
        return target - live
    }

    mutating func add(_ ids: [String]) {
        isRequesting = false
        refusals = 0
        earliestRequest = nil
        for id in ids where pilots[id] == nil { enter(.expected(nil), id) }
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
            enter(.joined, pilot)
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
        let end: String
        switch (pilots[pilot], state) {
        case (.expected, .over(let reason)):
            stillborn += 1
            lastReason = reason
            end = reason
        case (.joined, .over(let reason)):
            end = reason
        case (.expected, .unreachable(let reason)):
            // It has nothing yet, and another one may come. It is not taken in any more.
            end = reason
        case (.joined, .waiting):
            end = "it was put back into the queue"
        case (.expected, let state):
            enter(.expected(state), pilot)
            return nil
        case (.joined, _), (.over, _), (nil, _):
            return nil
        }
        enter(.over(end), pilot)
        return end
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
        enter(Self.released, pilot)
        return true
    }

    /// Returns pilots that have not started and for which there has been no work for a while.
    mutating func releaseSpare(at now: ContinuousClock.Instant) -> [String] {
        guard expected > 0 else { return [] }
        guard let since = spareSince else {
            spareSince = now
            return []
        }
        let count = min(expected, live - scale.minimum)
        guard now - since >= scale.idle, count > 0 else { return [] }
        let unstarted = pilots.compactMap { pilot, state in if case .expected = state { pilot } else { nil } }
        let spare = Array(unstarted.sorted().suffix(count))
        for pilot in spare { enter(Self.released, pilot) }
        return spare
    }
}
