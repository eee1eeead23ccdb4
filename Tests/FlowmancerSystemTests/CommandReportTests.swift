import FlowmancerSystem
import Testing

@Suite struct CommandReportTests {
    /// A process that gets at the socket of a shim must not stop the engine with what it writes there.
    @Test(arguments: [UInt32(0), 23, 1_025, .max])
    func aSizeThatNoReportHasIsRefused(size: UInt32) {
        var bytes = withUnsafeBytes(of: size.littleEndian) { Array($0) } + [UInt8](repeating: 1, count: 60)
        #expect(throws: CommandReport.ImpossibleSize.self) {
            try CommandReport(takenFrom: &bytes, atMost: 1_024)
        }
    }

    @Test func aPartOfAReportIsWaitedFor() throws {
        var bytes = withUnsafeBytes(of: UInt32(64).littleEndian) { Array($0) } + [UInt8](repeating: 0, count: 40)
        #expect(try CommandReport(takenFrom: &bytes, atMost: 1_024) == nil)
        #expect(bytes.count == 44)
    }
}
