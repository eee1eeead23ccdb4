package import FlowmancerCore
import FlowmancerSystem
import Glibc
import Synchronization

/// The life of a pilot: this program on another machine, which executes attempts of a run there.
package final class PilotRun: Sendable {
    private let seat: PilotSeat
    private let keeper: EarlyKeeper?
    private let entrance = LoopEntrance<PilotLoop>()
    private let signal = Mutex<Int32?>(nil)

    /// - Parameter keeper: The keeper, if it was started already.
    package init(_ seat: PilotSeat, keeper: EarlyKeeper? = nil) {
        self.seat = seat
        self.keeper = keeper
    }

    /// Connects with the engine, and does what it says until the end.
    ///
    /// - Throws: An error if the pilot cannot begin.
    package func execute() async throws -> PilotEnding {
        // Broken pipes are errors of a call, not the end of the process.
        Glibc.signal(SIGPIPE, SIG_IGN)
        try ResourceCheck.run()
        let program = try ProgramBuild.current()
        let thread = try EventLoopThread()
        let ending = await withCheckedContinuation { continuation in
            thread.execute { [self, thread] loop in
                let pilot = PilotLoop(seat, program: program, earlyKeeper: keeper, on: thread, loop: loop) { ending in
                    loop.later { continuation.resume(returning: ending) }
                }
                entrance.open(LoopBound(pilot, on: thread))
                pilot.begin()
                // One that came before the entrance was open.
                if let early = signal.withLock({ $0 }) { pilot.end(.signal(early)) }
            }
        }
        entrance.close()
        await thread.stop()
        return ending
    }

    /// Ends the pilot because of a signal, with everything that it has started.
    package func end(by number: Int32) {
        signal.withLock { $0 = number }
        entrance.enter { $0.end(.signal(number)) }
    }
}
