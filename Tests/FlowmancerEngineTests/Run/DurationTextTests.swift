import FlowmancerCore
import Testing

@testable import FlowmancerEngine

@Suite struct DurationTextTests {
    @Test(
        arguments: [
            (.zero, "0 s"), (.milliseconds(1), "0.001 s"), (.milliseconds(500), "0.5 s"), (.seconds(10), "10 s"),
            (.seconds(59), "59 s"), (.seconds(60), "1 min"), (.milliseconds(90_500), "90.5 s"),
            (.seconds(90), "1 min 30 s"),
            (.seconds(3_600), "1 h"), (.seconds(5_400), "1 h 30 min"), (.seconds(90_061), "25 h 1 min 1 s"),
            (.seconds(-5), "-5 s"),
        ] as [(Duration, String)]
    )
    func durationsReadAsPeopleWriteThem(duration: Duration, text: String) {
        #expect(duration.text == text)
    }

    @Test(
        arguments: [
            (.zero, "0 s"), (.microseconds(4_948_590), "4.9 s"), (.milliseconds(9_960), "10 s"),
            (.milliseconds(12_600), "13 s"), (.milliseconds(90_400), "1 min 30 s"), (.seconds(-5), "0 s"),
        ] as [(Duration, String)]
    )
    func whatAClockMeasuredIsRounded(duration: Duration, text: String) {
        #expect(duration.rounded.text == text)
        #expect(RunNotice.pluginSlow("x", step: "y", duration).text.contains(" longer than \(text) for y"))
    }
}
