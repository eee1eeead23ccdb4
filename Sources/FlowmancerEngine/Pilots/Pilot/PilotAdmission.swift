import DequeModule
import FlowmancerCore

/// Decides when the attempts begin that a pilot was given: in their order, as soon as the machine has what they need.
///
/// A pure value. Attempts go by numbers that are used again. Some are handed to workers ahead of their time, behind others,
/// as long as all need the same: then each can follow on each.
struct PilotAdmission {
    enum Action: Equatable {
        /// Let a worker execute the attempt, with these graphics processors.
        case start(Int, graphicsProcessors: [String])
        /// Give it to a worker that executes another one.
        case startBehindAnother(Int)
        /// What was given to a worker behind another one may begin at once.
        case admit(Int)
    }

    private enum Phase {
        case queued
        /// A worker may hold it, and begins it when it has ended another one.
        case ahead
        case started
    }

    private struct Entry {
        let demand: NodeDemand
        var phase = Phase.queued
        var graphicsProcessors: [String] = []
    }

    private let limit: Int
    private var room: NodeRoom
    private var freeGraphicsProcessors: [String]
    private var entries: [Int: Entry] = [:]
    /// Those that have not begun, in their order. Some may be gone.
    private var queue = Deque<Int>()
    private var ahead = Deque<Int>()
    private var aheadCount = 0
    /// How many of those that are there need something else than one processor.
    private var specialCount = 0

    init(_ capacity: NodeCapacity) {
        room = NodeRoom(capacity)
        limit = max(2, capacity.processors)
        freeGraphicsProcessors = capacity.graphicsProcessors
    }

    mutating func add(_ attempt: Int, _ demand: NodeDemand) {
        entries[attempt] = Entry(demand: demand)
        queue.append(attempt)
        if demand != NodeDemand() { specialCount += 1 }
    }

    /// A worker took an attempt up. One that was given to it ahead has the place of the one that ended before it.
    mutating func begin(_ attempt: Int) {
        guard let entry = entries[attempt], entry.phase == .ahead else { return }
        entries[attempt]?.phase = .started
        aheadCount -= 1
        room.take(entry.demand)
    }

    /// An attempt has ended, or will not begin.
    ///
    /// - Returns: Whether a worker may have it.
    @discardableResult
    mutating func remove(_ attempt: Int) -> Bool {
        guard let entry = entries.removeValue(forKey: attempt) else { return false }
        if entry.demand != NodeDemand() { specialCount -= 1 }
        switch entry.phase {
        case .queued:
            queue.removeAll { $0 == attempt }
            return false
        case .ahead:
            aheadCount -= 1
            ahead.removeAll { $0 == attempt }
        case .started:
            room.giveBack(entry.demand)
            freeGraphicsProcessors += entry.graphicsProcessors
        }
        return true
    }

    /// Whether an attempt has not been given to a worker.
    func isQueued(_ attempt: Int) -> Bool { entries[attempt]?.phase == .queued }

    /// Lets begin what may. Call it when all that happened was handed in.
    mutating func endTurn(_ actions: inout [Action]) {
        while let first = ahead.first {
            guard let entry = entries[first], entry.phase == .ahead else {
                ahead.removeFirst()
                continue
            }
            guard room.fits(entry.demand) else { break }
            ahead.removeFirst()
            start(first, entry.demand)
            aheadCount -= 1
            actions.append(.admit(first))
        }
        while let first = queue.first, let entry = entries[first], room.fits(entry.demand) {
            queue.removeFirst()
            start(first, entry.demand)
            actions.append(.start(first, graphicsProcessors: entries[first]?.graphicsProcessors ?? []))
        }
        while specialCount == 0, aheadCount < limit, let first = queue.popFirst() {
            entries[first]?.phase = .ahead
            ahead.append(first)
            aheadCount += 1
            actions.append(.startBehindAnother(first))
        }
    }

    private mutating func start(_ attempt: Int, _ demand: NodeDemand) {
        room.take(demand)
        let units = Array(freeGraphicsProcessors.prefix(demand.graphicsProcessors))
        freeGraphicsProcessors.removeFirst(units.count)
        entries[attempt]?.phase = .started
        entries[attempt]?.graphicsProcessors = units
    }
}
