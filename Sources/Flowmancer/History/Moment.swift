import ArgumentParser
import FoundationEssentials
import Glibc

/// A moment as people write it: `2026-05-01`, `2026-05-01 12:30`, `2026-05-01T12:30:15`, or how long ago it is: `2h`, `7d`.
struct Moment: ExpressibleByArgument, Sendable {
    let date: Date

    init?(argument: String) {
        if let date = Self.calendarDate(argument) {
            self.date = date
        } else if let age = Duration(parsing: argument) {
            date = Date(timeIntervalSinceNow: -(age / .seconds(1)))
        } else {
            return nil
        }
    }

    static let help = "a date and time such as 2026-05-01T12:30, or how long ago, such as 2h or 7d"

    /// The clock is that of this place.
    private static func calendarDate(_ text: String) -> Date? {
        let parts = text.split(whereSeparator: { $0 == "T" || $0 == " " })
        guard (1...2).contains(parts.count) else { return nil }
        let day = parts[0].split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        let time =
            parts.count == 1 ? [] : parts[1].split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
        guard day.count == 3, parts.count == 1 || (2...3).contains(time.count), let year = day[0], let month = day[1],
            let number = day[2], time.allSatisfy({ $0 != nil })
        else { return nil }
        var fields = tm()
        fields.tm_year = Int32(clamping: year - 1_900)
        fields.tm_mon = Int32(clamping: month - 1)
        fields.tm_mday = Int32(clamping: number)
        fields.tm_hour = Int32(clamping: time.first.flatMap { $0 } ?? 0)
        fields.tm_min = Int32(clamping: time.dropFirst().first.flatMap { $0 } ?? 0)
        fields.tm_sec = Int32(clamping: time.dropFirst(2).first.flatMap { $0 } ?? 0)
        fields.tm_isdst = -1
        let asked = fields
        let seconds = mktime(&fields)
        // A 31st of June would have become a 1st of July.
        guard fields.tm_mday == asked.tm_mday, fields.tm_mon == asked.tm_mon, fields.tm_min == asked.tm_min else {
            return nil
        }
        return Date(timeIntervalSince1970: Double(seconds))
    }
}
