import FlowmancerSystem
import FoundationEssentials
import Testing

@Suite struct TimestampTests {
    private func stamp(_ seconds: Double, offset: Int) -> String {
        var writer = TimestampWriter { seconds in
            var time = LocalTime(year: 2024, month: 5, day: 1, hour: 12, minute: 0, second: 0, offset: offset)
            time.second = seconds % 60
            return time
        }
        var buffer: [UInt8] = []
        writer.append(Date(timeIntervalSince1970: seconds), to: &buffer)
        return String(decoding: buffer, as: UTF8.self)
    }

    @Test(arguments: [
        (0.0, 7_200, "2024-05-01 12:00:00.000000+02:00"), (1.5, 0, "2024-05-01 12:00:01.500000+00:00"),
        (2.000001, -12_600, "2024-05-01 12:00:02.000001-03:30"),
        (1_714_557_603.123456, 19_800, "2024-05-01 12:00:03.123456+05:30"),
        (5.9999999, 0, "2024-05-01 12:00:06.000000+00:00"), (7, 3_208, "2024-05-01 12:00:07.000000+00:53:28"),
    ])
    func timestampsAreWrittenAsPythonDoes(_ seconds: Double, _ offset: Int, _ expected: String) {
        #expect(stamp(seconds, offset: offset) == expected)
    }

    @Test func theCachedSecondGivesWayToANewOne() {
        var writer = TimestampWriter()
        for seconds in [1_714_557_600.25, 1_714_557_600.5, 1_714_557_601, 1_714_557_600] {
            var buffer: [UInt8] = []
            var fresh: [UInt8] = []
            writer.append(Date(timeIntervalSince1970: seconds), to: &buffer)
            var other = TimestampWriter()
            other.append(Date(timeIntervalSince1970: seconds), to: &fresh)
            #expect(buffer == fresh)
        }
    }

    @Test(arguments: [0, 951_782_400, 1_714_557_600, 1_735_689_599, 4_102_444_800, -86_401])
    func localTimeIsTheSameMoment(_ seconds: Int) {
        #expect(LocalTime(secondsSince1970: seconds).secondsSince1970 == seconds)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity, 1e300, -1e300])
    func impossibleDatesDoNoHarm(_ seconds: Double) {
        var writer = TimestampWriter()
        var buffer: [UInt8] = []
        writer.append(Date(timeIntervalSince1970: seconds), to: &buffer)
        #expect(!buffer.isEmpty)
    }
}
