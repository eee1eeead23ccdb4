import FlowmancerNotifications
import Testing

/// Groups in the text of notifications.
@Suite struct GroupWordingTests {
    /// Of 100 items, these fail.
    private func fixture(failing: Int) -> Fixture {
        var fixture = Fixture(tasks: 1)
        fixture.move("t0", from: .initial, to: .pending)
        for number in 0..<100 { fixture.move("load[\(number)]", in: "load", from: .initial, to: .pending) }
        fixture.move("t0", to: .completed)
        for number in 0..<100 {
            fixture.move("load[\(number)]", in: "load", to: number < failing ? .failed : .completed)
        }
        return fixture
    }

    @Test func aGroupIsOneLineAndSomeOfItsTasks() {
        let message = fixture(failing: 7).message(.failed)
        #expect(message.title == "nightly failed on web1: 7 of 101 tasks failed")
        #expect(
            message.text == """
                The job 'nightly' failed on web1 after 0 s.
                101 tasks: 94 completed, 7 failed

                Failed: load[0] (attempt 1); it wrote nothing

                Failed: load[1] (attempt 1); it wrote nothing

                Failed: load[2] (attempt 1); it wrote nothing

                load: 7 of 100 failed

                … and 4 more failed

                To continue from here:
                cd /work && ./app -j job.yaml -r
                """
        )
    }

    @Test func nothingIsSaidOfAGroupThatSucceeded() {
        #expect(!fixture(failing: 0).message(.succeeded).text.contains("load"))
    }

    @Test func aShortTextHasTheCounts() {
        let text = fixture(failing: 60).message(.failed).text(maximumLength: 160)
        #expect(text.count <= 160 && text.contains("60 failed"))
    }
}
