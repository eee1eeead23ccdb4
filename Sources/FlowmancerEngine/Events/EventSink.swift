import FlowmancerCore
import Synchronization

/// Somebody who observes a run: which events it gets, how it is served, and what waits for it.
final class EventSink: Sendable {
    /// Which events a sink gets.
    struct Interest: OptionSet, Sendable {
        let rawValue: Int

        /// The beginning and the end of the run, and the members that groups get.
        static let run = Interest(rawValue: 1)
        static let states = Interest(rawValue: 2)
        static let output = Interest(rawValue: 4)
        /// What tasks publish that complete.
        static let published = Interest(rawValue: 8)
    }

    let name: String
    let interest: Interest
    let policy: EventPolicy
    private let state: Mutex<State>

    private struct State {
        var queue: EventQueue
        var isClosed = false
        /// Whether nobody wants events any more.
        var isDismissed = false
        /// Ends a pause of the consumer.
        var pause: Latch?
        var consumer: CheckedContinuation<Void, Never>?
        var relieved: (@Sendable () -> Void)?

        mutating func takeRelieved() -> (@Sendable () -> Void)? {
            queue.isRelieved ? relieved.take() : nil
        }
    }

    /// - Parameter name: Its name in messages, such as `loggers.slack`.
    init(_ name: String, _ interest: Interest, _ policy: EventPolicy) {
        self.name = name
        self.interest = interest
        self.policy = policy
        state = Mutex(State(queue: EventQueue(policy)))
    }

    /// Whether so much waits that tasks should.
    var isCongested: Bool { state.withLock { $0.queue.isCongested } }
    /// Whether nobody wants events any more.
    var isDismissed: Bool { state.withLock { $0.isDismissed } }
    /// How many events were lost.
    var lost: Int { state.withLock { $0.queue.lost } }

    /// Calls back, once, as soon as tasks need not wait any longer.
    func whenRelieved(_ body: @escaping @Sendable () -> Void) {
        let isRelieved = state.withLock { state in
            if !state.queue.isRelieved { state.relieved = body }
            return state.queue.isRelieved
        }
        if isRelieved { body() }
    }

    /// Queues an event, from any thread.
    ///
    /// - Returns: Whether others are wanted, too.
    @discardableResult
    func offer(_ event: RunEvent) -> Bool {
        let (consumer, isWanted) = state.withLock { state in
            guard !state.isDismissed else { return (nil as CheckedContinuation<Void, Never>?, false) }
            guard !state.isClosed else {
                state.queue.lose()
                return (nil, true)
            }
            state.queue.append(event)
            return (state.consumer.take(), true)
        }
        consumer?.resume()
        return isWanted
    }

    /// No event follows.
    func close() {
        let (consumer, pause) = state.withLock { state in
            state.isClosed = true
            return (state.consumer.take(), state.pause.take())
        }
        consumer?.resume()
        pause?.open()
    }

    /// Gives up the events that were not taken.
    func loseAll() {
        state.withLock { state in
            state.queue.loseAll()
            state.relieved = nil
        }
    }

    /// Forgets the events that were not taken, and those that follow. None of them is lost: nobody wants them.
    func dismiss() {
        state.withLock { state in
            _ = state.queue.popAll()
            state.isDismissed = true
        }
    }

    // MARK: Taking

    /// Waits for the next event. One consumer at a time.
    ///
    /// - Returns: `nil` if none will follow.
    func next() async -> RunEvent? {
        await take { $0.popFirst() }
    }

    /// Waits for the next event, and takes those with it that came meanwhile. One consumer at a time.
    ///
    /// - Returns: `nil` if none will follow.
    func nextBatch() async -> [RunEvent]? {
        await take { $0.isEmpty ? nil : $0.popAll() }
    }

    /// Takes the events that came, and waits for none.
    ///
    /// - Returns: `nil` if there are none, and none will follow.
    func takeBatch() -> [RunEvent]? {
        let (taken, relieved) = state.withLock { state in
            let isOver = state.isClosed && state.queue.isEmpty
            return (isOver ? nil : state.queue.popAll(), state.takeRelieved())
        }
        relieved?()
        return taken
    }

    /// Lets events come together; whoever offers one need not wake the consumer meanwhile. The end of the events ends it.
    func pause(atMost limit: Duration) async {
        let pause = Latch()
        let isClosed = state.withLock { state in
            if !state.isClosed { state.pause = pause }
            return state.isClosed
        }
        if !isClosed { await pause.wait(atMost: limit) }
    }

    private func take<Taken>(_ take: (inout EventQueue) -> Taken?) async -> Taken? {
        while true {
            let (taken, isClosed, relieved) = state.withLock { state in
                (take(&state.queue), state.isClosed, state.takeRelieved())
            }
            relieved?()
            if let taken { return taken }
            if isClosed { return nil }
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    guard state.queue.isEmpty, !state.isClosed else { return true }
                    state.consumer = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        }
    }
}
