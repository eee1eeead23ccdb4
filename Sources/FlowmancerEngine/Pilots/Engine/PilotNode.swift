import DequeModule
import FlowmancerCore

/// What the engine knows of a machine on which a pilot runs.
struct PilotNode {
    enum Phase: Equatable {
        case connected
        /// Its connection is lost. It may come back.
        case silent
        /// It was given up, or has taken leave.
        case gone
    }

    /// An attempt that the pilot has.
    struct Given {
        let assignment: Assignment
        let demand: NodeDemand
        /// Whether it waits on the machine for another one to end.
        var isAhead: Bool
        /// When it began, once that was told.
        var began: ContinuousClock.Instant?
    }

    /// The id of the pilot, and what tells it from an earlier one of the same id.
    let pilot: String
    let incarnation: UInt64
    /// The name of the machine.
    let name: String
    let capacity: NodeCapacity
    var phase = Phase.connected
    private(set) var room: NodeRoom
    /// By their ids.
    private(set) var attempts: [UInt64: Given] = [:]
    /// Those that wait on the machine, in their order. Some may be gone.
    private var ahead = Deque<UInt64>()
    private(set) var aheadCount = 0
    /// How long its last attempts took, roughly: each one weighs half as much as the one after it.
    private var pace: Duration?
    /// Whether there is so much on its way to it that nothing should be added.
    var isCongested = false
    /// Whether nothing is given to it, so that there is room for an attempt that needs much.
    var isKept = false
    /// When it was heard of last, and since when it has had nothing to do.
    var heard: ContinuousClock.Instant
    private(set) var idleSince: ContinuousClock.Instant?

    /// Attempts that take longer are not worth it: the way to the engine and back would not be felt.
    private static let slowest = Duration.milliseconds(100)
    /// How much work a machine has ahead of time, so that it is busy while news are on their way.
    private static let lead = Duration.milliseconds(20)
    /// How many attempts wait for each processor at most: so many could run elsewhere.
    private static let mostAhead = 32

    init(
        pilot: String,
        incarnation: UInt64,
        name: String,
        capacity: NodeCapacity,
        at time: ContinuousClock.Instant
    ) {
        self.pilot = pilot
        self.incarnation = incarnation
        self.name = name
        self.capacity = capacity
        room = NodeRoom(capacity)
        heard = time
        idleSince = time
    }

    /// Whether it may be given attempts.
    var isOpen: Bool { phase == .connected && !isCongested && !isKept }

    /// Whether it has room for an attempt.
    func fits(_ demand: NodeDemand) -> Bool { isOpen && room.fits(demand) }

    /// Whether it may be given an attempt that waits there until another ends. Only those that need no more than any other
    /// are, so that each can follow on each.
    func fitsAhead(_ demand: NodeDemand) -> Bool {
        isOpen && demand == NodeDemand() && aheadCount < aheadLimit
    }

    private var aheadLimit: Int {
        guard let pace, pace < Self.slowest else { return 0 }
        let each = pace > .zero ? min(Self.mostAhead, max(1, Int(Self.lead / pace))) : Self.mostAhead
        return max(2, capacity.processors * each)
    }

    /// Whether it could ever execute an attempt.
    func couldFit(_ demand: NodeDemand) -> Bool { NodeRoom(capacity).fits(demand) }

    mutating func give(_ assignment: Assignment, _ demand: NodeDemand, ahead isAhead: Bool) {
        attempts[assignment.id] = Given(assignment: assignment, demand: demand, isAhead: isAhead)
        idleSince = nil
        if isAhead {
            ahead.append(assignment.id)
            aheadCount += 1
        } else {
            room.take(demand)
        }
    }

    mutating func begin(_ attempt: UInt64, at time: ContinuousClock.Instant) { attempts[attempt]?.began = time }

    /// Takes an attempt from it that has ended, or was not begun.
    mutating func remove(_ attempt: UInt64, at time: ContinuousClock.Instant) -> Given? {
        guard let given = attempts.removeValue(forKey: attempt) else { return nil }
        if let began = given.began {
            let duration = time - began
            pace = pace.map { ($0 + duration) / 2 } ?? duration
        }
        if given.isAhead { aheadCount -= 1 } else { room.giveBack(given.demand) }
        while let next = ahead.first {
            guard let waiting = attempts[next] else {
                ahead.removeFirst()
                continue
            }
            guard room.fits(waiting.demand) else { break }
            ahead.removeFirst()
            aheadCount -= 1
            attempts[next]?.isAhead = false
            room.take(waiting.demand)
        }
        if attempts.isEmpty { idleSince = time }
        return given
    }

    /// Takes everything from it.
    mutating func removeAll() -> [Given] {
        defer { attempts = [:] }
        return attempts.sorted { $0.key < $1.key }.map(\.value)
    }
}
