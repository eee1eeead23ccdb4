import FlowmancerSystem
import Foundation
import Testing

@Suite struct MemoryFileTests {
    @Test func othersReadItAsLongAsItIsKept() throws {
        let text = String(repeating: "line\n", count: 100_000)
        var file: MemoryFile? = try MemoryFile("test", Array(text.utf8))
        let path = try #require(file?.path)
        // More than once, and each time from the beginning.
        for _ in 1...2 {
            let reader = Process()
            let output = Pipe()
            (reader.executableURL, reader.arguments) = (URL(fileURLWithPath: "/bin/cat"), [path])
            reader.standardOutput = output
            try reader.run()
            let read = output.fileHandleForReading.readDataToEndOfFile()
            reader.waitUntilExit()
            #expect(String(decoding: read, as: UTF8.self) == text)
        }
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path).hasPrefix("/memfd:test"))
        file = nil
        let left = try? FileManager.default.destinationOfSymbolicLink(atPath: path)
        #expect(left?.hasPrefix("/memfd:test") != true)
    }
}
