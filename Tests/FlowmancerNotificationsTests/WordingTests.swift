import FlowmancerCore
import FlowmancerNotifications
import Testing

@Suite struct WordingTests {
    @Test func aFailureTellsWhatPeopleWantToKnow() {
        var fixture = Fixture()
        fixture.move("t0", to: .completed)
        fixture.log("t1", "begin", attempt: 1)
        fixture.move("t1", to: .pending)
        fixture.log("t1", "connecting", "no route to host", attempt: 2)
        fixture.move("t1", to: .failed, attempt: 2)
        fixture.move("t2", to: .defaulted)
        let message = fixture.message(.failed, after: 754.4)
        #expect(message.title == "nightly failed on web1: 1 of 3 tasks failed")
        #expect(
            message.text == """
                The job 'nightly' failed on web1 after 12 min 34 s.
                3 tasks: 1 completed, 1 failed, 1 not run because other tasks failed

                Failed: t1 (attempt 2). Its log:
                    connecting
                    no route to host

                To continue from here:
                cd /work && ./app -j job.yaml -r
                """
        )
    }

    @Test func aSuccessIsShort() {
        var fixture = Fixture()
        for task in ["t0", "t1", "t2"] { fixture.move(task, to: .completed) }
        #expect(fixture.message(.succeeded).title == "nightly succeeded on web1")
        let text = "The job 'nightly' succeeded on web1 after 2.5 s.\n3 tasks: 3 completed"
        #expect(fixture.message(.succeeded, after: 2.51).text == text)
    }

    @Test func allowedFailuresAreNamedAndDoNotCount() {
        var fixture = Fixture()
        fixture.log("t0", "not so bad")
        fixture.move("t0", to: .failed, isAllowed: true)
        fixture.move("t1", to: .completed)
        #expect(
            fixture.message(.succeeded, after: 1).text
                == "The job 'nightly' succeeded on web1 after 1 s.\n3 tasks: 1 completed, 1 failed as allowed (t0)"
        )
        fixture.move("t2", to: .failed)
        #expect(fixture.message(.failed).title == "nightly failed on web1: 1 of 3 tasks failed")
        #expect(fixture.message(.failed).text.contains("1 completed, 1 failed, 1 failed as allowed (t0)\n\nFailed: t2"))
    }

    @Test func aBeginningSaysWhetherItIsOne() {
        #expect(Fixture().message(.started).title == "nightly started on web1")
        #expect(Fixture().message(.started).text == "The job 'nightly' started on web1. It has 3 tasks.")
        let restart = Fixture(isRestart: true).message(.started)
        #expect(restart.title == "nightly was restarted on web1")
        let text = "The job 'nightly' was restarted on web1 and continues where it stopped. It has 3 tasks."
        #expect(restart.text == text)
    }

    @Test func anAbortSaysHowToGoOn() {
        var fixture = Fixture()
        fixture.move("t0", to: .aborted)
        #expect(fixture.message(.aborted).title == "nightly was aborted on web1")
        #expect(
            fixture.message(.aborted).text.hasSuffix(
                "3 tasks: 1 aborted\n\nTo continue from here:\ncd /work && ./app -j job.yaml -r"
            )
        )
    }

    @Test func aJobThatWasRunFromCodeHasNoCommand() {
        #expect(!Fixture(resumeCommand: nil).message(.failed).text.contains("To go on"))
    }

    @Test func onlyTheLastLinesAreQuoted() {
        var fixture = Fixture()
        fixture.summary.apply(
            TaskLogEvent(
                jobName: "nightly",
                taskName: "t1",
                timestamp: fixture.start,
                attempt: 1,
                kind: .line,
                severity: .error,
                message: (1...25).map { "line \($0)" }.joined(separator: "\n")
            )
        )
        fixture.move("t1", to: .failed)
        let text = fixture.message(.failed).text
        #expect(text.contains("The last lines of its log:\n    line 16\n"))
        #expect(text.contains("    line 25\n"))
        #expect(!text.contains("line 15"))
    }

    @Test func aSilentTaskIsSaidToBeSo() {
        var fixture = Fixture()
        fixture.move("t1", to: .failed)
        #expect(fixture.message(.failed).text.contains("Failed: t1 (attempt 1); it wrote nothing"))
    }

    @Test func controlCharactersOfLogsAndNamesAreShown() {
        var fixture = Fixture()
        fixture.log("t\u{7}", "\u{1B}[31mred")
        fixture.move("t\u{7}", to: .failed)
        #expect(fixture.message(.failed).text.contains("Failed: t\\u{7} (attempt 1). Its log:\n    \\u{1B}[31mred"))
    }

    /// Details go first; the counts and the command stay as long as there is room.
    @Test(arguments: [20_000, 3_000, 1_024, 400, 250, 50, 1])
    func everyLengthIsKept(limit: Int) {
        var fixture = Fixture(tasks: 100)
        for number in 0..<60 {
            for line in 0..<15 { fixture.log("t\(number)", "line \(line) " + String(repeating: "é", count: 400)) }
            fixture.move("t\(number)", to: .failed)
        }
        #expect(fixture.summary.failures.count == RunSummary.keptFailures)
        let text = fixture.message(.failed).text(maximumLength: limit)
        #expect(text.count <= limit)
        #expect(text.hasPrefix("The job 'nightly'".prefix(max(0, limit - 1))))
        if limit >= 250 {
            #expect(text.contains("60 failed"))
            #expect(text.hasSuffix("./app -j job.yaml -r"))
        }
        if limit >= 1_024 { #expect(text.contains("more failed")) }
    }

    /// A long log of a task that goes well leaves nothing behind.
    @Test func theLogOfACompletedTaskIsForgotten() {
        var fixture = Fixture()
        fixture.log("t0", "secret of success")
        fixture.move("t0", to: .completed)
        fixture.move("t0", to: .failed)
        #expect(!fixture.message(.failed).text.contains("secret of success"))
    }
}
