import FlowmancerCore
import FlowmancerSystem
import FlowmancerWire
import Glibc
import Testing

@testable import FlowmancerEngine

@Suite struct SwiftWorkerLinkTests {
    /// With `isolation: process`, thousands of workers come and go in a second.
    @Test func noTimerOutlivesItsWorker() throws {
        let loop = try EventLoop()
        let observer = Observer()
        let job = JobDefinition(name: "job")
        let messages = try messages(of: job)
        let source = LocalWorkerSource(messages, earlyKeeper: nil, masker: nil, on: loop)
        source.observer = observer
        for number in 0..<5_000 {
            let descriptors = try WorkerDescriptors(turns: 1, below: .max)
            let link = SwiftWorkerLink(number, number: UInt32(number), descriptors, of: source)
            // The socket is closed first, as when a process ends: its end is expected from then on.
            close(descriptors.remote[0])
            loop.turn()
            for pipe in descriptors.remote.dropFirst() { close(pipe) }
            link.noteEnd(.exited(code: 0))
            withExtendedLifetime(link) {
                while observer.gone == number { loop.turn() }
            }
        }
        #expect(observer.gone == 5_000)
        #expect(loop.timerCount < 2_500)
    }

    @Test(arguments: [("", nil), (#"{"n":1.50}"#, #"{"n":1.50}"#)]) func outputsAreHandedOnAsTheyAre(
        sent: String,
        expected: String?
    ) {
        let end = AttemptEnd(ended(sent), isFollowed: false)
        #expect(end?.outcome == .succeeded && end?.outputs?.rawValue == expected)
    }

    @Test(arguments: ["n=1", "[1]", "{\"n\":}", "{\"a b\":1}", "{\"n\":1}x"])
    func outputsThatAreNoObjectAreDistrusted(sent: String) throws {
        let loop = try EventLoop()
        let observer = Observer()
        let job = JobDefinition(name: "job")
        let messages = try messages(of: job)
        let source = LocalWorkerSource(messages, earlyKeeper: nil, masker: nil, on: loop)
        source.observer = observer
        let descriptors = try WorkerDescriptors(turns: 1, below: .max)
        let link = SwiftWorkerLink(0, number: 0, descriptors, of: source)
        let frame = try Frame.encode(WireFromWorker.with { $0.body = .ended(ended(sent)) })
        #expect(write(descriptors.remote[0], frame, frame.count) == frame.count)
        withExtendedLifetime(link) {
            while observer.misdeeds.isEmpty { loop.turn() }
        }
        #expect(observer.misdeeds == ["it sent outputs that are not a JSON object"])
        for descriptor in descriptors.remote { close(descriptor) }
        link.close()
    }

    private func messages(of job: JobDefinition) throws -> AttemptMessages {
        try AttemptMessages(
            RunTasks(TaskRoster(job)),
            run: RunID(),
            catalog: TypeCatalog(),
            restarted: [],
            isDebug: false
        )
    }

    private func ended(_ outputs: String) -> WireAttemptEnded {
        WireAttemptEnded(1, .succeeded, outputs: outputs.isEmpty ? nil : JSONText(rawValue: outputs))
    }

    private final class Observer: WorkerObserver {
        var gone = 0
        var misdeeds: [String] = []

        func worker(_ worker: Int, did news: WorkerNews) {
            switch news {
            case .gone: gone += 1
            case .misbehaved(let misdeed): misdeeds.append(misdeed)
            default: break
            }
        }

        func worker(_ worker: Int, didWrite line: UnsafeRawBufferPointer, on stream: OutputStream) {}
        func worker(_ worker: Int, didLog line: LoggedLine) {}
        func worker(_ worker: Int, didLogLate line: LateLine) {}
        func worker(_ worker: Int, didRequest operation: SharedDictOperation?, id: UInt64) {}
        func sourceDidLoseWorkers(_ end: ProcessEnd) {}
    }
}
