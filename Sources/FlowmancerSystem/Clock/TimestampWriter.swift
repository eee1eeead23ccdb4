package import struct FoundationEssentials.Date

/// Writes time stamps such as `2024-05-01 12:00:00.123456+02:00`, in local time, into a buffer.
///
/// With a `T` in the place of the blank, they are those of ISO 8601 and RFC 3339.
///
/// Most events of a run share their second with the one before: only the microseconds are computed then.
package struct TimestampWriter {
    private var second: Int?
    private var beforeFraction: [UInt8] = []
    private var afterFraction: [UInt8] = []
    private let separator: Character
    private let localTime: (Int) -> LocalTime

    /// - Parameters:
    ///   - separator: What stands between date and time.
    ///   - localTime: Returns the local time of a number of seconds since 1970.
    package init(
        separator: Character = " ",
        localTime: @escaping (Int) -> LocalTime = LocalTime.init(secondsSince1970:)
    ) {
        self.separator = separator
        self.localTime = localTime
    }

    package mutating func append(_ date: Date, to buffer: inout [UInt8]) {
        let (seconds, microseconds) = Self.split(date)
        if second != seconds {
            let local = localTime(seconds)
            second = seconds
            beforeFraction = Array("\(local.date)\(separator)\(local.time)".utf8)
            afterFraction = Array(local.offsetDescription.utf8)
        }
        buffer.append(contentsOf: beforeFraction)
        buffer.append(UInt8(ascii: "."))
        var divisor = 100_000
        while divisor > 0 {
            buffer.append(UInt8(ascii: "0") + UInt8(microseconds / divisor % 10))
            divisor /= 10
        }
        buffer.append(contentsOf: afterFraction)
    }

    /// Returns whole seconds since 1970 and microseconds; a moment outside of the years 0 to 9999 becomes their border.
    package static func split(_ date: Date) -> (seconds: Int, microseconds: Int) {
        let exact = date.timeIntervalSince1970
        guard exact > -62_167_219_200 else { return (-62_167_219_200, 0) }
        guard exact < 253_402_300_799 else { return (253_402_300_799, 0) }
        let whole = exact.rounded(.down)
        let microseconds = Int(((exact - whole) * 1_000_000).rounded())
        return microseconds < 1_000_000 ? (Int(whole), microseconds) : (Int(whole) + 1, 0)
    }
}
