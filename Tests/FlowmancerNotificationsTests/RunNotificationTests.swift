import FlowmancerCore
import FlowmancerNotifications
import FoundationEssentials
import Synchronization
import Testing

@Suite struct RunNotificationTests {
    /// What was told, and when the first message was given up.
    private final class Log: Sendable {
        let cancelled = Mutex<Date?>(nil)
        let told = Mutex<[NotificationMessage]>([])
    }

    /// Never comes to an end with the message of the beginning.
    private struct Stuck: RunNotification {
        @Flattened var moments: NotificationMoments
        let record = RunRecord()
        let log = Log()

        func send(_ message: NotificationMessage) async throws {
            if message.moment == .started {
                while !Task.isCancelled { await Task.yield() }
                log.cancelled.withLock { $0 = Date() }
                throw CancellationError()
            }
            log.told.withLock { $0.append(message) }
        }
    }

    @Test func theWaitForTheFirstMessageIsNoPartOfTheRun() async throws {
        let start = Date()
        var job = JobDefinition(name: "j")
        job.configuration.pluginGrace = .seconds(5)
        var context = FlowContext.current
        context.runInfo = RunInfo(job: job, startedAt: start)
        let stuck = Stuck()
        await FlowContext.$taskLocal.withValue(context) {
            try? await stuck.onCreate()
            try? await stuck.onSuccess()
        }
        let cancelled = try #require(stuck.log.cancelled.withLock { $0 })
        let message = try #require(stuck.log.told.withLock { $0.first })
        // Shown is the time to a tenth of a second.
        #expect(message.wording.duration < .seconds(cancelled.timeIntervalSince(start) - 0.1))
    }
}
