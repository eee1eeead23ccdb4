import DequeModule
import Dispatch
import Flowmancer
import FlowmancerWire

/// A pilot without workers: a task of its takes a slot for some time. Its connection must not break.
/// Used on its queue only.
final class SimulatedPilot: @unchecked Sendable {
    private let hello: WirePilotHello
    private let processors: Int
    private let taskTime: Duration
    private let queue: DispatchQueue
    private var connection: (any PilotConnection)?
    private var decoder = FrameDecoder<WireToPilotFrame>()
    private var sent: UInt64 = 0
    private var received: UInt64 = 0
    /// What was received since the engine was told.
    private var untold = 0
    private var messages: [WireFromPilot] = []
    private let start = ContinuousClock.now
    private var lastSent = ContinuousClock.now
    /// Attempts that wait for a slot.
    private var waiting = Deque<UInt64>()
    /// Attempts with a slot, in the order of their ends.
    private var running = Deque<(id: UInt64, end: ContinuousClock.Instant)>()
    private(set) var isOver = false
    /// When its first task began, when its last one ended, and how many there were.
    private(set) var first: ContinuousClock.Instant?
    private(set) var last: ContinuousClock.Instant?
    private(set) var count = 0

    init(_ number: Int, program: String, processors: Int, taskTime: Duration, on queue: DispatchQueue) {
        self.processors = processors
        self.taskTime = taskTime
        self.queue = queue
        hello = .with {
            $0.protocolVersion = Frame.pilotProtocolVersion
            $0.pilot = "\(number)"
            $0.incarnation = UInt64(number)
            $0.node = "node\(number)"
            $0.processors = UInt32(processors)
            $0.program = program
        }
    }

    func begin(_ connection: any PilotConnection) {
        self.connection = connection
        connection.begin { [unowned self] event in queue.async { self.take(event) } }
        send(0, [.with { $0.hello = hello }])
    }

    private func take(_ event: PilotConnectionEvent) {
        switch event {
        case .received(let bytes):
            bytes.withUnsafeBytes { decoder.append($0) }
            while let frame = try? decoder.next() {
                if frame.number > 0 { received = frame.number }
                untold += 1
                for message in frame.messages { take(message) }
            }
        case .drained: break
        case .ended: isOver = true
        }
    }

    private func take(_ message: WireToPilot) {
        switch message.body {
        case .attempt(let attempt): waiting.append(attempt.id)
        case .leave:
            isOver = true
            connection?.close()
        case .refusal(let refusal):
            print("refused: \(refusal.reason)")
            isOver = true
        default: break
        }
    }

    /// Ends and begins tasks, and tells the engine.
    func proceed() {
        guard connection != nil, !isOver else { return }
        let now = ContinuousClock.now
        while let task = running.first, task.end <= now {
            running.removeFirst()
            last = now
            count += 1
            messages.append(
                .with {
                    $0.ended.id = task.id
                    $0.ended.end.id = task.id
                    $0.ended.end.outcome = .succeeded
                }
            )
        }
        while running.count < processors, let id = waiting.popFirst() {
            running.append((id, now + taskTime))
            first = first ?? now
            messages.append(.with { $0.started = id })
        }
        if !messages.isEmpty {
            sent += 1
            send(sent, messages)
            messages = []
        } else if untold > 64 || now - lastSent > .seconds(2) {
            send(0, [])
        }
    }

    private func send(_ number: UInt64, _ messages: [WireFromPilot]) {
        var frame = WireFromPilotFrame()
        frame.number = number
        frame.received = received
        frame.time = UInt64((ContinuousClock.now - start) / .milliseconds(1))
        frame.messages = messages
        untold = 0
        lastSent = .now
        if let bytes = try? Frame.encode(frame) { connection?.send(bytes) }
    }
}
