import FlowmancerEngine
import FlowmancerSystem
package import FoundationEssentials

/// The part of a log file that an attempt wrote. A pure value.
///
/// An attempt begins after the one before it has ended, and whatever it writes is logged before its end. A line without a time
/// belongs to the one before it.
package struct LogPart {
    /// What it wrote is later than this…
    private let start: Date?
    /// …and not later than this.
    private let end: Date?
    private var isWithin = false

    /// - Returns: `nil` if the task has had no such attempt.
    package init?(_ attempt: Int, of attempts: [RunDigest.Attempt]) {
        guard let index = attempts.firstIndex(where: { $0.number == attempt }) else { return nil }
        start = index > 0 ? attempts[index - 1].end : nil
        end = attempts[index].end
    }

    /// Whether a line of the file is part of it. Lines are asked about in their order.
    package mutating func contains(_ line: ArraySlice<UInt8>) -> Bool {
        if Self.time(of: line) != nil { isWithin = !isBefore(line) && !isAfter(line) }
        return isWithin
    }

    /// Whether a line was written before, by its time.
    package func isBefore(_ line: ArraySlice<UInt8>) -> Bool {
        guard let start, let time = Self.time(of: line) else { return false }
        return time <= start
    }

    /// Whether a line was written after, by its time.
    package func isAfter(_ line: ArraySlice<UInt8>) -> Bool {
        guard let end, let time = Self.time(of: line) else { return false }
        return time > end
    }

    /// The time that a line begins with: `[2024-05-01 12:00:00.123456+02:00]`.
    package static func time(of line: ArraySlice<UInt8>) -> Date? {
        let pattern = Array("[0000-00-00 00:00:00.000000".utf8)
        let head = Array(line.prefix(40))
        guard head.count > pattern.count else { return nil }
        for (byte, expected) in zip(head, pattern) {
            let isDigit = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            guard expected == UInt8(ascii: "0") ? isDigit : byte == expected else { return nil }
        }
        func number(_ range: Range<Int>) -> Int { head[range].reduce(0) { $0 * 10 + Int($1) - 0x30 } }
        guard let end = head.firstIndex(of: UInt8(ascii: "]")),
            let offset = Self.offset(String(decoding: head[pattern.count..<end], as: UTF8.self))
        else { return nil }
        let time = LocalTime(
            year: number(1..<5),
            month: number(6..<8),
            day: number(9..<11),
            hour: number(12..<14),
            minute: number(15..<17),
            second: number(18..<20),
            offset: offset
        )
        return Date(microsecondsSince1970: time.secondsSince1970 * 1_000_000 + number(21..<27))
    }

    /// Reads `+02:00`, which may have seconds.
    private static func offset(_ text: String) -> Int? {
        let parts = text.dropFirst().split(separator: ":").map { Int($0) }
        guard let sign = text.first, sign == "+" || sign == "-", (2...3).contains(parts.count) else { return nil }
        var seconds = 0
        for part in parts {
            guard let part else { return nil }
            seconds = seconds * 60 + part
        }
        if parts.count == 2 { seconds *= 60 }
        return sign == "-" ? -seconds : seconds
    }
}
