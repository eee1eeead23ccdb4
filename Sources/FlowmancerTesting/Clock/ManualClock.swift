import Synchronization

/// A clock that moves only when a test says so.
///
/// ```swift
/// let clock = ManualClock()
/// let run = Task { try await runTask(Poll.self, clock: clock) }
/// await clock.waitForSleepers()
/// clock.advance(by: .seconds(30))
/// ```
/// With ``Advancing/whenAllSleep`` it moves by itself, so that nobody waits: hours of back-off pass in no time, and
/// always in the same order.
public final class ManualClock: Clock, Sendable {
    /// A moment of a ``ManualClock``.
    public struct Instant: InstantProtocol {
        /// The time since the clock was made.
        public var offset: Duration

        /// Creates a moment.
        public init(offset: Duration = .zero) {
            self.offset = offset
        }

        /// Returns the moment that comes so much later.
        public func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }

        /// Returns how much later another moment is.
        public func duration(to other: Instant) -> Duration { other.offset - offset }

        /// Compares moments of one clock.
        public static func < (lhs: Instant, rhs: Instant) -> Bool { lhs.offset < rhs.offset }
    }

    /// What makes the clock move.
    public enum Advancing: Sendable, Hashable {
        /// Only ``ManualClock/advance(by:)``.
        case byHand
        /// Also sleeping: in ``runJob(_:selection:from:sharedDict:clock:loggers:extensions:catalog:)`` to the next
        /// moment for which somebody waits, as soon as every task sleeps; elsewhere to the end of every sleep, at once.
        case whenAllSleep
    }

    private struct Sleeper {
        let deadline: Instant
        let activity: Int?
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now = Instant()
        var sleepers: [Int: Sleeper] = [:]
        var lastID = 0
        var watchers: [Int: (count: Int, continuation: Watcher)] = [:]
        /// Told of every sleeper; decides when the clock moves.
        var conductor: (@Sendable () -> Void)?
    }

    /// On whose behalf somebody sleeps.
    @TaskLocal static var activity: Int?

    private let advancing: Advancing
    private let state = Mutex(State())

    /// Creates a clock that shows zero.
    public init(_ advancing: Advancing = .byHand) {
        self.advancing = advancing
    }

    /// The moment that the clock shows.
    public var now: Instant { state.withLock { $0.now } }

    /// Every difference counts.
    public var minimumResolution: Duration { .zero }

    /// Waits until the clock shows a moment, or a later one.
    public func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in enter(id, deadline, continuation) }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: id) }?.continuation.resume(throwing: CancellationError())
        }
    }

    private func enter(_ id: Int, _ deadline: Instant, _ continuation: CheckedContinuation<Void, any Error>) {
        guard !Task.isCancelled else { return continuation.resume(throwing: CancellationError()) }
        let (isOver, conductor, watchers) = state.withLock { state in
            guard deadline > state.now else { return (true, nil as (@Sendable () -> Void)?, [Watcher]()) }
            state.sleepers[id] = Sleeper(deadline: deadline, activity: Self.activity, continuation: continuation)
            let met = state.watchers.filter { $0.value.count <= state.sleepers.count }
            for id in met.keys { state.watchers[id] = nil }
            return (false, state.conductor, met.values.map(\.continuation))
        }
        if isOver { return continuation.resume() }
        for watcher in watchers { watcher.resume() }
        // Cancelled in between: the handler has found nobody.
        if Task.isCancelled {
            state.withLock { $0.sleepers.removeValue(forKey: id) }?.continuation.resume(throwing: CancellationError())
        }
        if let conductor { conductor() } else if advancing == .whenAllSleep { advance(to: deadline) }
    }

    private typealias Watcher = CheckedContinuation<Void, Never>

    /// Moves the clock, and wakes all whose time has come, in the order of their time.
    public func advance(by duration: Duration) {
        advance(to: now.advanced(by: duration))
    }

    private func advance(to moment: Instant) {
        let woken = state.withLock { state in
            state.now = max(state.now, moment)
            let due = state.sleepers.filter { $0.value.deadline <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.sorted { ($0.value.deadline, $0.key) < ($1.value.deadline, $1.key) }
        }
        for (_, sleeper) in woken { sleeper.continuation.resume() }
    }

    /// Waits until so many sleep at the same time, or the caller is cancelled. Time limits and pauses before a retry count
    /// as sleepers, too.
    ///
    /// Where nobody will sleep since what should have done so has thrown, only the caller's cancellation ends the wait: give
    /// the test a time limit.
    public func waitForSleepers(_ count: Int = 1) async {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isMet = state.withLock { state in
                    guard state.sleepers.count < count, !Task.isCancelled else { return true }
                    state.watchers[id] = (count, continuation)
                    return false
                }
                if isMet { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.watchers.removeValue(forKey: id) }?.continuation.resume()
        }
    }

    // MARK: In a job

    /// Lets a job decide when the clock moves, if it is to move by itself.
    func follow(_ conductor: (@Sendable () -> Void)?) {
        guard advancing == .whenAllSleep else { return }
        state.withLock { $0.conductor = conductor }
    }

    /// Moves the clock to the next moment for which somebody waits, if it moves by itself and all of these sleep.
    func advanceIfAsleep(_ activities: some Collection<Int>) {
        guard advancing == .whenAllSleep else { return }
        let next = state.withLock { state -> Instant? in
            let asleep = Set(state.sleepers.values.compactMap(\.activity))
            guard activities.allSatisfy(asleep.contains) else { return nil }
            return state.sleepers.values.map(\.deadline).min()
        }
        if let next { advance(to: next) }
    }
}
