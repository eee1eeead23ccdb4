import FlowmancerCore
import FlowmancerFaults

/// Holds tasks back that write faster than loggers can take: carries out what ``OutputPacing`` decides.
///
/// Used on the event loop only.
final class OutputPacer {
    /// How long tasks wait for a slow logger, each time that its queue is full. One that does not take a megabyte of it
    /// in that time, which is some thousand lines, is too slow to be waited for.
    private static let patience: Duration = .seconds(5)
    /// After how many bytes the queues are looked at.
    private static let bytesBetweenChecks = 1 << 18

    private let sinks: [EventSink]
    private let loop: EventLoop
    private let pause: (Bool) -> Void
    private let report: @Sendable (RunNotice) -> Void
    private let entrance = LoopEntrance<OutputPacer>()
    private var pacing: OutputPacing
    private var uncheckedBytes = 0
    /// By the number of the sink that is awaited.
    private var timers: [Int: EventLoop.Timer] = [:]

    /// - Parameters:
    ///   - sinks: Those that are waited for.
    ///   - report: Is told of sinks that are too slow.
    ///   - pause: Stops (`true`) or resumes reading what tasks write.
    init(
        _ sinks: [EventSink],
        on thread: EventLoopThread,
        loop: EventLoop,
        report: @escaping @Sendable (RunNotice) -> Void,
        pause: @escaping (Bool) -> Void
    ) {
        self.sinks = sinks
        self.loop = loop
        self.pause = pause
        self.report = report
        pacing = OutputPacing(sinks: sinks.count)
        entrance.open(LoopBound(self, on: thread))
    }

    /// Ends what sinks might still call back.
    func stop() {
        entrance.close()
        for timer in timers.values { timer.cancel() }
    }

    /// Takes note of output that was published.
    func note(bytes: Int) {
        uncheckedBytes += bytes
        if uncheckedBytes >= Self.bytesBetweenChecks { check() }
    }

    private func check() {
        uncheckedBytes = 0
        for (number, sink) in sinks.enumerated() where pacing.isKeepingUp(number) && sink.isCongested {
            perform(pacing.noteCongestion(of: number))
        }
    }

    private func perform(_ steps: [OutputPacing.Step]) {
        for step in steps {
            switch step {
            case .pause(let isPaused):
                pause(isPaused)
                if isPaused { FaultPoint.pass("output.held") }
            case .watch(let number):
                watch(number)
            case .report(let number):
                report(.loggerTooSlow(sinks[number].name))
            }
        }
    }

    private func watch(_ number: Int) {
        timers[number] = loop.schedule(after: Self.patience) { [self] in perform(pacing.noteElapsed(number)) }
        sinks[number].whenRelieved { [entrance] in
            entrance.enter { pacer in
                pacer.timers.removeValue(forKey: number)?.cancel()
                pacer.perform(pacer.pacing.noteRelief(of: number))
                // It may have fallen behind again since, and nothing may follow that would lead to a look at it.
                pacer.check()
            }
        }
    }
}
