import FlowmancerCore
import FlowmancerSystem

/// The loop of a run, on a thread of its own: it runs the tasks, and then records what plug-ins still write.
struct HostedLoop: Sendable {
    private let thread: EventLoopThread
    private let entrance: LoopEntrance<RunLoop>

    /// Starts the thread.
    ///
    /// - Parameter entrance: The way to the loop for plug-ins; open from the beginning of the run to its end.
    /// - Throws: ``JobRunError`` if the system has no thread for it.
    init(_ entrance: LoopEntrance<RunLoop>) throws {
        do { thread = try EventLoopThread() } catch { throw ResourceCheck.lackOfThreads(error) }
        self.entrance = entrance
    }

    /// Runs the tasks.
    func run(_ setup: sending RunLoop.Setup, control: RunControl) async -> Result<RunOutcome, JobRunError> {
        let box = Sending(setup)
        return await withCheckedContinuation { continuation in
            thread.execute { [thread, entrance] loop in
                let run = RunLoop(box.take(), on: thread, loop: loop) { result in
                    // The run may still be in the middle of a turn.
                    loop.later { continuation.resume(returning: result) }
                }
                let bound = LoopBound(run, on: thread)
                entrance.open(bound)
                control.attach { bound.perform { $0.abort() } }
                run.begin()
            }
        }
    }

    /// Returns the progress, if only the next checkpoint would have it; `nil` if a journal has it already.
    func takeUnrecordedProgress() async -> CheckpointContents? {
        await withCheckedContinuation { continuation in
            entrance.enter { continuation.resume(returning: $0.takeUnrecordedProgress()) }
        }
    }

    /// Ends the recording, once the tasks have run.
    ///
    /// - Returns: What is to be stored.
    func seal() async -> RunLoop.Remains {
        await withCheckedContinuation { continuation in
            entrance.enter { continuation.resume(returning: $0.seal()) }
        }
    }

    /// Ends the thread.
    func stop() async {
        entrance.close()
        await thread.stop()
    }
}
