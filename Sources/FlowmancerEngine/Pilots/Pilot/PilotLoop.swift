import FlowmancerCore
import FlowmancerFaults
import FlowmancerSystem
import FlowmancerWire

/// A pilot at work: has attempts executed by the workers of its machine, as the engine says, and tells what becomes of them.
///
/// Used on the event loop only. It ends when the engine says so, when it has not been heard by the engine for the lease, or
/// when it is told to by a signal. With it, everything ends that it has started.
final class PilotLoop {
    let loop: EventLoop
    private let thread: EventLoopThread
    private let seat: PilotSeat
    private let hello: WirePilotHello
    private let earlyKeeper: EarlyKeeper?
    private let ended: (PilotEnding) -> Void
    private(set) var link: FrameLink<WireFromPilotFrame, WireToPilotFrame>!
    private(set) var briefing: PilotBriefing?
    private(set) var pool: WorkerPool?
    private var masker: SecretMasker?
    var admission: PilotAdmission
    private var admissionActions: [PilotAdmission.Action] = []
    private var isTurnScheduled = false
    /// Requests about the shared dictionary, by their numbers.
    var requests: [UInt64: (attempt: UInt64, reply: (SharedAnswer) -> Void)] = [:]
    var lastRequest: UInt64 = 0
    private var isEngineSlow = false
    private var isLinkSlow = false
    private(set) var isOver = false

    private let start = ContinuousClock.now
    /// Until then, the engine had heard of the pilot.
    private var heard = ContinuousClock.now

    /// How long the pilot may outlive an attempt that failed because both were to end.
    static let suspicion = Duration.milliseconds(250)
    /// How long the last words may take to leave.
    private static let farewell = Duration.seconds(1)
    /// With so many bytes on their way, tasks are slowed down, until there are half as many.
    private static let backlogLimit = 4 << 20

    init(
        _ seat: PilotSeat,
        program: String,
        earlyKeeper: EarlyKeeper?,
        on thread: EventLoopThread,
        loop: EventLoop,
        ended: @escaping (PilotEnding) -> Void
    ) {
        self.seat = seat
        self.thread = thread
        self.loop = loop
        self.earlyKeeper = earlyKeeper
        self.ended = ended
        admission = PilotAdmission(seat.capacity)
        hello = .with {
            $0.protocolVersion = Frame.pilotProtocolVersion
            $0.pilot = seat.id
            $0.incarnation = .random(in: 1...UInt64.max)
            $0.node = seat.node
            $0.processors = UInt32(clamping: seat.capacity.processors)
            $0.memory = UInt64(seat.capacity.memory ?? 0)
            $0.graphicsProcessors = seat.capacity.graphicsProcessors
            $0.program = program
        }
        link = FrameLink(
            stamp: { [start] in $0.time = UInt64((ContinuousClock.now - start) / .milliseconds(1)) },
            handle: { [unowned self] in take($0) }
        )
    }

    /// Begins to connect.
    func begin() {
        connect(after: .zero, failures: 0)
        beat()
    }

    // MARK: Connections

    private func connect(after pause: Duration, failures: Int) {
        loop.schedule(after: pause) { [weak self] in
            guard let self, !isOver else { return }
            let (seat, pilot) = (seat, LoopBound(WeakReference(self), on: thread))
            Task {
                let result: Result<any PilotConnection, any Error>
                do { result = .success(try await seat.connect()) } catch { result = .failure(error) }
                pilot.perform { bound in
                    switch (bound.object, result) {
                    case (let pilot?, .success(let connection)): pilot.take(connection)
                    case (let pilot?, .failure(let error)): pilot.noteFailure(error.inWords, failures + 1)
                    case (nil, .success(let connection)): connection.close()
                    case (nil, .failure): break
                    }
                }
            }
        }
    }

    private func take(_ connection: any PilotConnection) {
        guard !isOver else { return connection.close() }
        link.attach(LoopConnection(connection, on: thread))
        link.sendUnnumbered([.with { $0.hello = hello }])
    }

    private func noteFailure(_ reason: String, _ failures: Int) {
        guard !isOver else { return }
        lastFailure = reason
        connect(after: min(.seconds(2), .milliseconds(100) * (1 << min(failures, 5))), failures: failures)
    }
    private var lastFailure: String?

    // MARK: The engine

    private func take(_ event: FrameLink<WireFromPilotFrame, WireToPilotFrame>.Event) {
        guard !isOver else { return }
        switch event {
        case .frame(let frame):
            heard = max(heard, start + .milliseconds(Int64(clamping: frame.heard)))
            for message in frame.messages where !isOver { take(message, received: frame.received) }
        case .drained: checkBacklog()
        case .tooLarge(let message): takeTooLarge(message)
        case .disconnected(let reason):
            lastFailure = reason
            connect(after: .milliseconds(100), failures: 0)
        }
    }

    private func take(_ message: WireToPilot, received: UInt64) {
        switch message.body {
        case .welcome(let welcome):
            prepare(welcome)
            link.resume(after: received)
            scheduleTurn()
        case .refusal(let refusal): end(.refused(refusal.reason))
        case .attempt(let attempt): add(attempt)
        case .cancel(let cancel): take(cancel)
        case .kill(let kill):
            guard let number = briefing?.number(of: kill.id) else { return }
            if admission.isQueued(number) { giveBack(number) } else { pool?.kill(task: number, remark: kill.remark) }
        case .sharedReply(let reply): take(reply)
        case .pauseOutput(let isPaused):
            isEngineSlow = isPaused
            setPace()
        case .secrets(let secrets): masker?.add(Set(secrets.texts))
        case .leave: end(.dismissed)
        case nil: break
        }
    }

    private func prepare(_ welcome: WireWelcome) {
        guard briefing == nil else { return }
        let briefing = PilotBriefing(welcome)
        self.briefing = briefing
        masker = SecretMasker(welcome.secrets.texts, mayGrow: welcome.secrets.mayGrow)
        let source = LocalWorkerSource(briefing, earlyKeeper: earlyKeeper, masker: masker, on: loop)
        pool = WorkerPool(source, cores: seat.capacity.processors, on: loop, delegate: self)
        pool?.open()
    }

    private func add(_ attempt: WirePilotAttempt) {
        guard let number = briefing?.add(attempt) else { return }
        let demand = NodeDemand(
            processors: max(1, Int(attempt.processors)),
            memory: Int(clamping: attempt.memory),
            graphicsProcessors: Int(attempt.graphicsProcessors)
        )
        admission.add(number, demand)
        scheduleTurn()
    }

    private func take(_ cancel: WireCancelPilotAttempt) {
        guard let number = briefing?.number(of: cancel.id) else { return }
        guard !admission.isQueued(number) else { return giveBack(number) }
        pool?.withdraw(task: number)
        if pool?.has(task: number) == false { return giveBack(number) }
        pool?.cancel(task: number, endingAfter: .milliseconds(Int64(clamping: cancel.endingAfterMilliseconds)))
        scheduleTurn()
    }

    /// Tells the engine that an attempt was not begun, and will not be.
    func giveBack(_ number: Int) {
        admission.remove(number)
        guard let entry = briefing?.remove(number) else { return }
        link.send(.with { $0.returned = entry.attempt.id })
        scheduleTurn()
    }

    // MARK: Turns

    func scheduleTurn() {
        guard !isTurnScheduled else { return }
        isTurnScheduled = true
        loop.later { [self] in turn() }
    }

    private func turn() {
        isTurnScheduled = false
        guard !isOver else { return }
        admission.endTurn(&admissionActions)
        for action in admissionActions { perform(action) }
        admissionActions.removeAll(keepingCapacity: true)
        pool?.flush()
        link.flush()
        checkBacklog()
    }

    private func perform(_ action: PilotAdmission.Action) {
        switch action {
        case .start(let number, let units):
            briefing?.setGraphicsProcessors(units, of: number)
            guard let assignment = briefing?.assignment(number) else { return }
            pool?.submit(assignment, .now)
        case .startBehindAnother(let number):
            guard let assignment = briefing?.assignment(number) else { return }
            pool?.submit(assignment, .behindAnother)
        case .admit(let number): pool?.admit(task: number)
        }
    }

    private func checkBacklog() {
        isLinkSlow = link.backlog > (isLinkSlow ? Self.backlogLimit / 2 : Self.backlogLimit)
        setPace()
    }

    private func setPace() { pool?.pauseOutput(isEngineSlow || isLinkSlow) }

    // MARK: The lease

    /// Gives signs of life, and ends if there are none of the engine.
    private func beat() {
        guard !isOver else { return }
        let lease = seat.lease
        if .now - heard >= lease {
            return end(.unheard(lease, lastFailure))
        }
        let interval = lease / 8
        if link.isConnected, .now - link.lastSent >= interval { link.sendUnnumbered() }
        if link.isConnected, .now - link.lastReceived >= lease / 2 {
            link.detach()
            lastFailure = "nothing came from the engine"
            connect(after: .zero, failures: 0)
        }
        checkBacklog()
        loop.schedule(after: min(interval / 2, .seconds(1))) { [weak self] in self?.beat() }
    }

    // MARK: The end

    /// Ends everything, and says so.
    func end(_ ending: PilotEnding) {
        guard !isOver else { return }
        isOver = true
        FaultPoint.pass("pilot.end")
        // Others may begin elsewhere when the engine hears of this: nothing may be left here.
        pool?.shutDown()
        if let reason = ending.farewell {
            link.send(.with { $0.leaving = reason })
            link.flush()
        }
        leave(ending, before: .now + Self.farewell)
    }

    /// Takes leave once everything that was said has left, but does not wait for that for long.
    private func leave(_ ending: PilotEnding, before deadline: ContinuousClock.Instant) {
        guard link.isSending, .now < deadline else {
            link.detach()
            return ended(ending)
        }
        loop.schedule(after: .milliseconds(5)) { [self] in leave(ending, before: deadline) }
    }
}
