import Glibc

/// A moment as clocks on the wall show it.
package struct LocalTime: Sendable, Hashable, CustomStringConvertible {
    package var year, month, day, hour, minute, second: Int
    /// How far the clocks are ahead of UTC, in seconds.
    package var offset: Int

    package init(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int, offset: Int) {
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
        self.offset = offset
    }

    /// Creates the local time of a moment, in seconds since 1970-01-01 00:00 UTC.
    package init(secondsSince1970 seconds: Int) {
        var time = time_t(seconds)
        var fields = tm()
        // Fails only for years that do not fit: the zeroes then show that the time is not known.
        _ = localtime_r(&time, &fields)
        self.init(
            year: Int(fields.tm_year) + 1900,
            month: Int(fields.tm_mon) + 1,
            day: Int(fields.tm_mday),
            hour: Int(fields.tm_hour),
            minute: Int(fields.tm_min),
            second: Int(fields.tm_sec),
            offset: fields.tm_gmtoff
        )
    }

    /// The moment, in seconds since 1970-01-01 00:00 UTC.
    ///
    /// The days of the civil calendar are counted as in https://howardhinnant.github.io/date_algorithms.html.
    package var secondsSince1970: Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        return days * 86_400 + hour * 3_600 + minute * 60 + second - offset
    }

    /// `2024-05-01 12:00:00`
    package var description: String { "\(date) \(time)" }

    /// `2024-05-01`
    package var date: String { "\(Self.padded(year, 4))-\(Self.padded(month))-\(Self.padded(day))" }

    /// `12:00:00`
    package var time: String { "\(Self.padded(hour)):\(Self.padded(minute)):\(Self.padded(second))" }

    /// `+02:00`; with seconds where there are any, as Python has it.
    package var offsetDescription: String {
        let size = abs(offset)
        let text = "\(offset < 0 ? "-" : "+")\(Self.padded(size / 3_600)):\(Self.padded(size / 60 % 60))"
        return size % 60 == 0 ? text : "\(text):\(Self.padded(size % 60))"
    }

    package static func padded(_ number: Int, _ width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
