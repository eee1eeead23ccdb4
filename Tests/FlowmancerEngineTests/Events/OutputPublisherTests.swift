import FlowmancerCore
import FlowmancerSystem
import Testing

@testable import FlowmancerEngine

@Suite struct OutputPublisherTests {
    private let run = RunID()

    /// Publishes what a body says, and returns what the sinks got.
    private func published(
        to interest: EventSink.Interest = [.states, .output],
        secrets: [String] = [],
        _ body: @escaping @Sendable (OutputPublisher, Assignment) -> AttemptFailure?
    ) async throws -> (output: [TaskLogEvent], failure: AttemptFailure?) {
        var job = JobDefinition(name: "job")
        job.tasks["fetch"] = TaskDefinition("T")
        let sink = EventSink("sink", interest, .pacing)
        let thread = try EventLoopThread()
        let failure = await withCheckedContinuation { continuation in
            thread.execute { [thread, job, run] loop in
                let publisher = OutputPublisher(
                    job,
                    run: run,
                    name: { job.tasks.keys[$0] },
                    events: EventFan([sink]),
                    masker: SecretMasker(secrets),
                    keepsNotes: interest.contains(.states),
                    pacer: OutputPacer([sink], on: thread, loop: loop, report: { _ in }) { _ in }
                )
                let assignment = Assignment(
                    id: 1,
                    task: 0,
                    attempt: 2,
                    counted: 2,
                    runtime: .swift,
                    isolation: .pool,
                    isRestart: false
                )
                continuation.resume(returning: body(publisher, assignment))
                publisher.stop()
            }
        }
        await thread.stop()
        sink.close()
        var output: [TaskLogEvent] = []
        while let event = await sink.next() {
            if case .output(let event) = event.content { output.append(event) }
        }
        return (output, failure)
    }

    private static func print(
        _ text: String,
        _ stream: OutputStream,
        _ publisher: OutputPublisher,
        _ assignment: Assignment
    ) {
        Array(text.utf8).withUnsafeBytes { publisher.publish($0, from: stream, of: assignment) }
    }

    @Test func linesBecomeEventsOfTheirAttempt() async throws {
        let (output, failure) = try await published { publisher, assignment in
            publisher.publish(.start, of: assignment)
            Self.print("out", .output, publisher, assignment)
            Self.print("err", .errors, publisher, assignment)
            publisher.publish(.end, of: assignment)
            return publisher.endNotes(of: 0, enteredState: .completed)
        }
        #expect(output.map(\.kind) == [.start, .line, .line, .end])
        #expect(output.map(\.message) == ["", "out", "err", ""])
        #expect(output.map(\.severity) == [.info, .info, .error, .info])
        for event in output {
            #expect(event.runID == run)
            #expect(event.jobName == "job")
            #expect(event.taskName == "fetch")
            #expect(event.attempt == 2)
        }
        #expect(failure == nil)
    }

    @Test func bytesThatAreNoTextAreKept() async throws {
        let (output, _) = try await published { publisher, assignment in
            [UInt8]([0x61, 0xFF]).withUnsafeBytes { publisher.publish($0, from: .output, of: assignment) }
            return nil
        }
        #expect(output.map(\.message) == ["a\u{FFFD}"])
        #expect(output.map(\.rawBytes) == [[0x61, 0xFF]])
    }

    @Test func secretsAreMaskedInWhatIsLogged() async throws {
        let (output, failure) = try await published(secrets: ["s3cret-token"]) { publisher, assignment in
            publisher.publish(
                LoggedLine(
                    attempt: 1,
                    severity: .error,
                    message: "with s3cret-token",
                    metadata: ["s3cret-token": "a", "b": "s3cret-token"],
                    isRemark: false
                ),
                of: assignment
            )
            return publisher.endNotes(of: 0, enteredState: .failed)
        }
        #expect(output.map(\.message) == ["with ***"])
        #expect(output.map(\.metadata) == [["***": "a", "b": "***"]])
        #expect(failure == AttemptFailure(reason: "", lastLines: ["with ***"]))
    }

    @Test func theReasonAndTheLastLinesOfAFailureAreKept() async throws {
        let (_, failure) = try await published { publisher, assignment in
            Self.print("out", .output, publisher, assignment)
            Self.print("err", .errors, publisher, assignment)
            publisher.publish(remark: "It takes long.", .warning, of: assignment)
            publisher.publish(remark: "run failed: no such host", .error, of: assignment)
            return publisher.endNotes(of: 0, enteredState: .pending)
        }
        #expect(failure == AttemptFailure(reason: "no such host", lastLines: ["err"]))
    }

    @Test func whoeverWantsNoOutputCostsNone() async throws {
        let (output, failure) = try await published(to: .states) { publisher, assignment in
            Self.print("err", .errors, publisher, assignment)
            return publisher.endNotes(of: 0, enteredState: .failed)
        }
        #expect(output.isEmpty)
        #expect(failure?.lastLines == ["err"])
    }
}
