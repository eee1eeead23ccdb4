package import struct FoundationEssentials.Data
package import struct FoundationEssentials.Date

/// A message of plain text in the form of RFC 5322.
///
/// Its lines are short ASCII whatever the text holds, so that every server takes it as it is.
package struct MailMessage: Sendable {
    package var sender: MailAddress
    package var recipients: [MailAddress]
    package var subject: String
    package var text: String
    package var date: Date
    /// What makes the message unlike any other: the part of its `Message-ID` before the `@`.
    package var id: String

    package init(
        sender: MailAddress,
        recipients: [MailAddress],
        subject: String,
        text: String,
        date: Date,
        id: String
    ) {
        self.sender = sender
        self.recipients = recipients
        self.subject = subject
        self.text = text
        self.date = date
        self.id = id
    }

    /// Returns the message with CR LF at the end of every line.
    package func encoded() -> String {
        let domain = sender.text.split(separator: "@").last ?? "localhost"
        let lines = [
            "From: \(sender.text)",
            "To: \(recipients.map(\.text).joined(separator: ",\r\n "))",
            "Subject: \(Self.encodedWords(subject))",
            "Date: \(Self.dateText(date))",
            "Message-ID: <\(id)@\(domain)>",
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: base64",
            "",
            Self.base64Lines(text),
        ]
        return lines.joined(separator: "\r\n") + "\r\n"
    }

    /// Returns a text for a header: as it is, or as the encoded words of RFC 2047.
    package static func encodedWords(_ text: String) -> String {
        let isPlain =
            text.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !text.contains("=?") && text.utf8.count <= 60
        guard !isPlain else { return text }
        var words: [String] = []
        var chunk = ""
        for character in text {
            // A word has at most 75 characters, and a character of the text is never divided unless it is longer than that.
            for scalar in character.utf8.count > 45 ? character.unicodeScalars.map(String.init) : [String(character)] {
                if chunk.utf8.count + scalar.utf8.count > 45 {
                    words.append(chunk)
                    chunk = ""
                }
                chunk += scalar
            }
        }
        words.append(chunk)
        return words.map { "=?utf-8?B?\(Data($0.utf8).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }

    /// Returns a date as headers have it: `Wed, 01 May 2024 10:00:00 +0000`.
    package static func dateText(_ date: Date) -> String {
        let seconds = min(max(date.timeIntervalSince1970, -62_135_596_800), 253_402_300_799).rounded(.down)
        let days = Int((seconds / 86_400).rounded(.down))
        let time = Int(seconds) - days * 86_400
        // The civil calendar, as in https://howardhinnant.github.io/date_algorithms.html.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let weekday = ((days % 7) + 11) % 7
        return "\(weekdays[weekday]), \(padded(day)) \(months[month - 1]) \(padded(year, 4)) "
            + "\(padded(time / 3_600)):\(padded(time / 60 % 60)):\(padded(time % 60)) +0000"
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func padded(_ number: Int, _ width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// Returns a text in Base64, 76 characters a line; its line feeds become those of mail first.
    private static func base64Lines(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.last == "\r" ? $0.dropLast() : $0 }
        let encoded = Array(Data(lines.joined(separator: "\r\n").utf8).base64EncodedString().utf8)
        return stride(from: 0, to: encoded.count, by: 76)
            .map { String(decoding: encoded[$0..<min($0 + 76, encoded.count)], as: UTF8.self) }
            .joined(separator: "\r\n")
    }
}
