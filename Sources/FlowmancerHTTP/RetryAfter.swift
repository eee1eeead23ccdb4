import FoundationEssentials

/// The header `Retry-After` (RFC 9110, 10.2.3).
enum RetryAfter {
    /// Returns how long to wait.
    ///
    /// - Parameters:
    ///   - text: A number of seconds, or a date such as `Wed, 21 Oct 2015 07:28:00 GMT`.
    ///   - now: The present moment.
    /// - Returns: `nil` if the text is neither, or says more than a day.
    static func duration(_ text: String, now: Date) -> Duration? {
        if let seconds = Int(text) { return (0...86_400).contains(seconds) ? .seconds(seconds) : nil }
        guard let date = date(text) else { return nil }
        let seconds = date.timeIntervalSince(now)
        return seconds < 86_400 ? .milliseconds(Int64(max(0, seconds) * 1_000)) : nil
    }

    private static func date(_ text: String) -> Date? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", let month = months.firstIndex(of: String(words[2])) else {
            return nil
        }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return try? Date.ISO8601FormatStyle().parse("\(words[3])-\(number)-\(words[1])T\(words[4])Z")
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
