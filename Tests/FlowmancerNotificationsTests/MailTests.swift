import FlowmancerNotifications
import Foundation
import Testing

@Suite struct MailTests {
    private func message(subject: String = "s", text: String = "t") throws -> MailMessage {
        MailMessage(
            sender: try #require(MailAddress("flow@example.org")),
            recipients: [try #require(MailAddress("a@example.org")), try #require(MailAddress("b@example.org"))],
            subject: subject,
            text: text,
            date: Date(timeIntervalSince1970: 1_714_557_600),
            id: "id"
        )
    }

    @Test func aMessageHasTheHeadersThatItNeeds() throws {
        let lines = try message(subject: "nightly failed").encoded().components(separatedBy: "\r\n")
        #expect(
            Array(lines.prefix(11)) == [
                "From: flow@example.org", "To: a@example.org,", " b@example.org", "Subject: nightly failed",
                "Date: Wed, 01 May 2024 10:00:00 +0000", "Message-ID: <id@example.org>",
                "Auto-Submitted: auto-generated", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
                "Content-Transfer-Encoding: base64", "",
            ]
        )
    }

    @Test(arguments: ["", "plain", "a\nb\r\n.\nc", "größer\u{0}🎈", String(repeating: "x", count: 5_000)])
    func everyTextComesBackInShortLinesOfASCII(text: String) throws {
        let encoded = try message(text: text).encoded()
        let lines = encoded.components(separatedBy: "\r\n")
        #expect(lines.allSatisfy { $0.utf8.count <= 76 && $0.utf8.allSatisfy { (0x20...0x7E).contains($0) } })
        let body = try #require(encoded.components(separatedBy: "\r\n\r\n").last)
        let data = try #require(Data(base64Encoded: body.replacing("\r\n", with: "")))
        let expected = text.replacing("\r\n", with: "\n").replacing("\n", with: "\r\n")
        #expect(String(decoding: data, as: UTF8.self) == expected)
    }

    @Test(arguments: [
        "größer", "a\r\nBcc: x@example.org", "=?utf-8?B?eA==?=", String(repeating: "🎈é", count: 60), "\u{0}",
    ])
    func aSubjectCannotAddAHeader(subject: String) throws {
        let words = MailMessage.encodedWords(subject)
        let lines = words.components(separatedBy: "\r\n")
        var decoded = ""
        for (index, line) in lines.enumerated() {
            let word = index == 0 ? line : String(line.dropFirst())
            #expect(index == 0 || line.hasPrefix(" "))
            #expect(word.utf8.count <= 75)
            #expect(word.hasPrefix("=?utf-8?B?") && word.hasSuffix("?="))
            let base64 = String(word.dropFirst(10).dropLast(2))
            decoded += String(decoding: try #require(Data(base64Encoded: base64)), as: UTF8.self)
        }
        #expect(decoded == subject)
    }

    @Test func aPlainSubjectIsLeftAsItIs() {
        #expect(MailMessage.encodedWords("nightly failed on web1: 1 of 3") == "nightly failed on web1: 1 of 3")
    }

    @Test(arguments: [
        (0.0, "Thu, 01 Jan 1970 00:00:00 +0000"), (951_782_399, "Mon, 28 Feb 2000 23:59:59 +0000"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 +0000"), (1_735_689_599, "Tue, 31 Dec 2024 23:59:59 +0000"),
        (-1, "Wed, 31 Dec 1969 23:59:59 +0000"),
    ])
    func datesAreThoseOfTheCalendar(seconds: Double, expected: String) {
        #expect(MailMessage.dateText(Date(timeIntervalSince1970: seconds)) == expected)
    }

    @Test(arguments: ["a@b", "first.last+tag@mail.example.org", "größe@bücher.example", "o'neil@example.org"])
    func addressesAreTaken(text: String) throws {
        let address = try #require(MailAddress(text))
        #expect(address.isInternational == !text.utf8.allSatisfy { $0 < 0x80 })
    }

    @Test(arguments: [
        "", "a", "@b", "a@", "a b@c", "a@b\r\nRCPT TO:<x@y>", "<a@b>", "a@b>", "a,b@c", "a@b\n", "a@b@c", "\"a\"@b",
        "a@b\u{0}",
        "a@b\u{202E}", String(repeating: "x", count: 250) + "@b.example",
    ])
    func whatCouldBreakACommandApartIsNoAddress(text: String) {
        #expect(MailAddress(text) == nil)
    }
}
