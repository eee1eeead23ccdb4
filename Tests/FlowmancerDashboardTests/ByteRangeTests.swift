import Testing

@testable import FlowmancerDashboard

@Suite struct ByteRangeTests {
    @Test func partsAreRead() {
        #expect(ByteRange(nil, of: 10) == .all)
        #expect(ByteRange("bytes=0-3", of: 10) == .part(0..<4))
        #expect(ByteRange("bytes=4-", of: 10) == .part(4..<10))
        #expect(ByteRange("bytes=-3", of: 10) == .part(7..<10))
        #expect(ByteRange("bytes=-30", of: 10) == .part(0..<10))
        #expect(ByteRange("bytes=9-100", of: 10) == .part(9..<10))
        #expect(ByteRange("bytes=10-", of: 10) == .outside)
        #expect(ByteRange("bytes=-0", of: 10) == .outside)
        #expect(ByteRange("bytes=0-", of: 0) == .outside)
        #expect(ByteRange("bytes=0-", of: 10 << 20) == .part(0..<ByteRange.longest))
        #expect(ByteRange("bytes=-\(Int.max)", of: 10 << 20) == .part((9 << 20)..<(10 << 20)))
        #expect(ByteRange("bytes=0-\(Int.max)", of: 10) == .part(0..<10))
        for header in ["bytes=3-1", "bytes=a-b", "bytes=1-2,4-5", "items=1-2", "bytes=", "bytes=-", "bytes=1-2-3"] {
            #expect(ByteRange(header, of: 10) == .all, "\(header)")
        }
    }
}
