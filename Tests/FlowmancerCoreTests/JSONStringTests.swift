import FlowmancerCore
import Foundation
import Testing

@Suite struct JSONStringTests {
    @Test(arguments: [
        "", "plain", "\"\\/", "\u{0}\u{1}\u{1F}\u{7F}", "\n\r\t\u{8}\u{C}", "é🎈\u{2028}", "end\"",
    ])
    func everyTextComesBack(text: String) throws {
        var buffer: [UInt8] = []
        JSONString.append(text, to: &buffer)
        #expect(buffer.allSatisfy { $0 >= 0x20 })
        let value = try JSONSerialization.jsonObject(with: Data(buffer), options: .fragmentsAllowed)
        #expect(value as? String == text)
        #expect("\"\(JSONString.escaped(text))\"" == String(decoding: buffer, as: UTF8.self))
    }
}
