import FlowmancerNotifications
import Testing

@Suite struct SMTPReplyTests {
    private func replies(_ chunks: [String]) throws -> [SMTPReply] {
        var reader = SMTPReplyReader()
        var result: [SMTPReply] = []
        for chunk in chunks {
            reader.append(chunk.utf8)
            while let reply = try reader.next() { result.append(reply) }
        }
        return result
    }

    @Test func repliesArePutTogether() throws {
        let text = "220 mail ready\r\n250-mail\r\n250-SIZE 100\r\n250 8BITMIME\r\n354\r\n221 bye\n"
        let expected = [
            SMTPReply(220, ["mail ready"]), SMTPReply(250, ["mail", "SIZE 100", "8BITMIME"]), SMTPReply(354, [""]),
            SMTPReply(221, ["bye"]),
        ]
        #expect(try replies([text]) == expected)
        #expect(try replies(text.map { String($0) }) == expected)
        for size in 1..<12 {
            let bytes = Array(text.utf8)
            var reader = SMTPReplyReader()
            var result: [SMTPReply] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                reader.append(bytes[start..<min(start + size, bytes.count)])
                while let reply = try reader.next() { result.append(reply) }
            }
            #expect(result == expected)
        }
    }

    @Test(arguments: [
        "HTTP/1.1 400 Bad Request\r\n", "12\r\n", "\r\n", "250-a\r\n550 b\r\n", "199 x\r\n", "999 x\r\n", "2500\r\n",
        "abc\r\n", String(repeating: "x", count: 10_000),
        String(repeating: "250-x\r\n", count: 1_000),
    ])
    func otherTextIsMalformed(text: String) {
        #expect(throws: SMTPReplyReader.Malformed.self) { try replies([text]) }
    }
}
