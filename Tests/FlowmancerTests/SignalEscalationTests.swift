import Glibc
import Testing

@testable import Flowmancer

@Suite struct SignalEscalationTests {
    @Test(arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)] as [(Int32, Int32)])
    func theFirstSignalAbortsAndGivesTheExitCode(signal: Int32, code: Int32) {
        var escalation = SignalEscalation()
        #expect(escalation.exitCode == nil)
        #expect(escalation.receive(signal, at: .now) == .abort)
        #expect(escalation.exitCode == code)
    }

    @Test(
        arguments: [
            ([(SIGINT, 0), (SIGINT, 500), (SIGINT, 1_000)], [.abort, .kill, .exit(code: 130)]),
            ([(SIGTERM, 0), (SIGTERM, 500), (SIGTERM, 1_000)], [.abort, .kill, .exit(code: 143)]),
            ([(SIGTERM, 0), (SIGINT, 500)], [.abort, .kill]),
            ([(SIGHUP, 0), (SIGTERM, 500), (SIGINT, 1_000)], [.abort, .kill, .exit(code: 129)]),
            // A program that tells the process and then its group.
            ([(SIGTERM, 0), (SIGTERM, 0)], [.abort, .nothing]),
            ([(SIGINT, 0), (SIGINT, 99), (SIGINT, 300), (SIGINT, 301)], [.abort, .nothing, .kill, .nothing]),
            // A terminal that is closed, and the shell in it.
            ([(SIGHUP, 0), (SIGHUP, 700), (SIGHUP, 5_000)], [.abort, .nothing, .nothing]),
            ([(SIGTERM, 0), (SIGHUP, 700)], [.abort, .nothing]),
            // A program that says that it means the second step.
            ([(SIGUSR1, 0), (SIGUSR1, 700), (SIGUSR1, 1_400)], [.kill, .nothing, .nothing]),
            ([(SIGTERM, 0), (SIGUSR1, 1), (SIGTERM, 2)], [.abort, .kill, .nothing]),
            ([(SIGINT, 0), (SIGUSR1, 700), (SIGINT, 1_400)], [.abort, .kill, .exit(code: 130)]),
            ([(SIGUSR1, 0), (SIGINT, 700)], [.kill, .exit(code: 143)]),
        ] as [([(Int32, Int)], [SignalEscalation.Request])]
    )
    func furtherSignalsEscalateUnlessTheyMeanTheSame(signals: [(Int32, Int)], requests: [SignalEscalation.Request]) {
        var escalation = SignalEscalation()
        let start = ContinuousClock.now
        let received = signals.map { signal, milliseconds in
            escalation.receive(signal, at: start + .milliseconds(milliseconds))
        }
        #expect(received == requests)
    }
}
