import FlowmancerCore
import Synchronization
import TestSupport
import Testing

@Suite struct TaskLifecycleTests {
    @Test(
        arguments: [
            ([], false, "onCreate run onSuccess onDestroy", "succeeded"),
            ([], true, "onCreate onRestart run onSuccess onDestroy", "succeeded"),
            (["run"], false, "onCreate run! onFailure onDestroy", "failed"),
            (["onCreate"], true, "onCreate! onFailure onDestroy", "failed"),
            (["onRestart"], true, "onCreate onRestart! onFailure onDestroy", "failed"),
            (["onRestart"], false, "onCreate run onSuccess onDestroy", "succeeded"),
            (["onSuccess"], false, "onCreate run onSuccess! onFailure onDestroy", "failed"),
            (["onDestroy"], false, "onCreate run onSuccess onDestroy!", "failed"),
            (["run", "onFailure"], false, "onCreate run! onFailure! onDestroy", "failed"),
            (["onCreate", "onFailure", "onDestroy"], false, "onCreate! onFailure! onDestroy!", "failed"),
        ] as [(Set<String>, Bool, String, String)]
    )
    func methodsFollowTheirOrder(failing: Set<String>, isRestart: Bool, calls: String, outcome: String) async {
        let journal = Journal(failing: failing)
        #expect(await journal.execute(isRestart: isRestart).word == outcome)
        #expect(journal.calls == calls)
        #expect(Set(journal.reports.split(separator: " ").map(String.init)) == failing.intersection(journal.called))
    }

    @Test(
        arguments: [
            ([], "onCreate run onAbort onDestroy", ""),
            (["run"], "onCreate run! onAbort onDestroy", "run"),
            (["onAbort"], "onCreate run onAbort! onDestroy", "onAbort"),
            (["onAbort", "onDestroy"], "onCreate run onAbort! onDestroy!", "onAbort onDestroy"),
        ] as [(Set<String>, String, String)]
    )
    func anAbortedAttemptEndsWithOnAbort(failing: Set<String>, calls: String, reports: String) async {
        let journal = Journal(failing: failing)
        #expect(await Task { await journal.execute(cancelling: "run") }.value == .aborted)
        #expect(journal.calls == calls)
        #expect(journal.reports == reports)
    }

    @Test func aCancellationDuringRunIsNoErrorOfTheTask() async {
        let journal = Journal(failing: ["run"], error: CancellationError())
        #expect(await Task { await journal.execute(cancelling: "run") }.value == .aborted)
        #expect(journal.calls == "onCreate run! onAbort onDestroy")
        #expect(journal.reports == "")
    }

    @Test func aCancellationErrorWithoutACancellationIsAFailure() async {
        let journal = Journal(failing: ["run"], error: CancellationError())
        #expect(await journal.execute().word == "failed")
        #expect(journal.calls == "onCreate run! onFailure onDestroy")
        #expect(journal.reports == "run")
    }

    @Test(
        arguments: [
            ([], "", "{\"calls\":3}", "onCreate run onSuccess onDestroy", "succeeded"),
            (["run"], "", nil, "onCreate run! onFailure onDestroy", "failed"),
            (["onSuccess"], "", nil, "onCreate run onSuccess! onFailure onDestroy", "failed"),
            // What was collected does not count then.
            (["onDestroy"], "", "{\"calls\":3}", "onCreate run onSuccess onDestroy!", "failed"),
            ([], "run", nil, "onCreate run onAbort onDestroy", "aborted"),
        ] as [(Set<String>, String, String?, String, String)]
    )
    func whatATaskPublishesIsCollectedAfterOnSuccess(
        failing: Set<String>,
        cancelling: String,
        published: String?,
        calls: String,
        outcome: String
    ) async {
        let journal = Journal(failing: failing)
        #expect(await Task { await journal.execute(cancelling: cancelling) }.value.word == outcome)
        #expect(journal.published == published)
        #expect(journal.calls == calls)
    }

    @Test func anAttemptFailsIfItCannotPublish() async {
        let journal = Journal(failing: ["publishing"])
        #expect(await journal.execute().word == "failed")
        #expect(journal.calls == "onCreate run onSuccess onFailure onDestroy")
        #expect(journal.reports == "publishing")
    }

    @Test func theFirstErrorIsTheFailureUnlessOneIsPermanent() async {
        struct Trouble: Error {}
        struct Hopeless: PermanentFailure {}
        let plain = await Journal(failing: ["run", "onFailure"], error: Trouble()).execute()
        #expect(plain == .failed(FailureKind(Trouble())))
        let permanent = await Journal(failing: ["run"], error: Hopeless()).execute()
        #expect(permanent == .failed(FailureKind(Hopeless())))
    }

    @Test func anEndingThatIsNotClaimedIsLeftToTheOtherInstance() async {
        let journal = Journal()
        #expect(await journal.execute(claimEnding: { false }) == .aborted)
        #expect(journal.calls == "onCreate run")
    }

    @Test(
        arguments: [([], "onAbort onDestroy"), (["onAbort", "onDestroy"], "onAbort! onDestroy!")]
            as [(Set<String>, String)]
    )
    func anAbortOnAFreshInstanceCallsBothMethods(failing: Set<String>, calls: String) async {
        let journal = Journal(failing: failing)
        await journal.executeAbort()
        #expect(journal.calls == calls)
        #expect(Set(journal.reports.split(separator: " ").map(String.init)) == failing)
    }

    @Test func theAttemptKeepsItsInstance() async {
        let journal = Journal()
        _ = await journal.execute()
        #expect(journal.numberOfCallsSeenByTheInstance == 4)
    }
}

/// Which methods of a task were called, and which of them fail.
private final class Journal: Sendable {
    struct Failure: Error {}

    private struct Contents {
        var calls: [String] = []
        var reports: [String] = []
        var published: String?
        var countOfInstance = 0
    }

    private let failing: Set<String>
    private let error: any Error
    private let contents = Mutex(Contents())
    private let cancelling = Mutex("")

    init(failing: Set<String> = [], error: any Error = Failure()) {
        self.failing = failing
        self.error = error
    }

    var calls: String { contents.withLock { $0.calls.joined(separator: " ") } }
    var called: Set<String> { Set(calls.split(whereSeparator: { $0 == " " || $0 == "!" }).map(String.init)) }
    var reports: String { contents.withLock { $0.reports.joined(separator: " ") } }
    var published: String? { contents.withLock { $0.published } }
    var numberOfCallsSeenByTheInstance: Int { contents.withLock { $0.countOfInstance } }

    func execute(
        isRestart: Bool = false,
        cancelling step: String = "",
        claimEnding: @Sendable () -> Bool = { true }
    ) async -> AttemptOutcome {
        cancelling.withLock { $0 = step }
        return await lifecycle(isRestart: isRestart).execute(RecordingTask(journal: self), claimEnding: claimEnding)
    }

    func executeAbort() async { await lifecycle(isRestart: false).executeAbort(RecordingTask(journal: self)) }

    private func lifecycle(isRestart: Bool) -> TaskLifecycle {
        TaskLifecycle(
            isRestart: isRestart,
            publish: { outputs in
                if self.failing.contains("publishing") { throw self.error }
                self.contents.withLock { $0.published = outputs.json.rawValue }
            },
            report: { step, _ in
                self.contents.withLock { $0.reports.append(step.rawValue) }
            }
        )
    }

    func enter(_ step: String, count: Int) throws {
        contents.withLock {
            $0.calls.append(failing.contains(step) ? "\(step)!" : step)
            $0.countOfInstance = count
        }
        if cancelling.withLock({ $0 == step }) { withUnsafeCurrentTask { $0?.cancel() } }
        if failing.contains(step) { throw error }
    }
}

private struct RecordingTask: FlowTask {
    var journal: Journal?
    @Output var calls = 0
    private var count: Int {
        get { calls }
        set { calls = newValue }
    }

    init() {}
    init(journal: Journal) { self.journal = journal }

    private mutating func enter(_ step: String = #function) throws {
        count += 1
        try journal?.enter(String(step.prefix { $0 != "(" }), count: count)
    }

    mutating func onCreate() async throws { try enter() }
    mutating func onRestart() async throws { try enter() }
    mutating func run() async throws { try enter() }
    mutating func onSuccess() async throws { try enter() }
    mutating func onFailure() async throws { try enter() }
    mutating func onAbort() async throws { try enter() }
    mutating func onDestroy() async throws { try enter() }
}
