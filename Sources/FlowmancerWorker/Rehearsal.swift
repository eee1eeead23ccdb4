import FlowmancerCore
import FlowmancerSystem
import FlowmancerWire
import Glibc

/// Executes an attempt of a task that does nothing, so that the runtime has found and made what every attempt needs
/// before processes are forked that would all have to do so again.
///
/// It leaves no thread behind: a process is forked safely only while it has one.
struct Rehearsal: Sendable {
    private let types: WorkerTypes

    init(_ types: WorkerTypes) {
        self.types = types
    }

    func perform() {
        types.findAll { ParameterBinder.prepare($0) }
        types.add(EmptyTask<Never>.self)
        _ = SystemThread.areScarce
        // On a thread of its own, as in a worker. Its stack and its share of the heap are left for the first thread there.
        SystemThread { executeAttempt() }.startAndJoin()
    }

    private func executeAttempt() {
        var pair: [Int32] = [0, 0]
        guard let frames, socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0 else { return }
        defer { for descriptor in pair { close(descriptor) } }
        // What cannot be rehearsed is done for the first time in the workers.
        guard send(pair[0], frames, frames.count, 0) == frames.count else { return }
        Worker(socket: pair[1], types: types, isRehearsal: true).rehearse()
    }

    private var frames: [UInt8]? {
        let run = WireToWorker.with { $0.run.jobName = "rehearsal" }
        let attempt = WireToWorker.with {
            $0.attempt.id = 1
            $0.attempt.mangledType = TaskKind.symbol(of: EmptyTask<Never>.self)
            $0.attempt.taskName = "rehearsal"
            $0.attempt.variant = "EmptyTask"
            $0.attempt.dependsOn = ["another"]
            $0.attempt.parameters = WireValueMap(["value": 1])
            $0.attempt.number = 1
        }
        return try? Frame.encode(run) + Frame.encode(attempt)
    }

    // Discovery passes over generic types, so that no job finds this one.
    private struct EmptyTask<Nothing>: FlowTask {
        @Parameter var value = 0

        func run() async throws {}
    }
}
