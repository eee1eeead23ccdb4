import SwiftProtobuf

/// The bytes of a message in their place behind its length, or among others that have arrived: nothing is copied to be
/// encoded or decoded.
struct FrameBytes: SwiftProtobufContiguousBytes {
    private(set) var frame: [UInt8]
    private let range: Range<Int>

    /// Makes room for a message.
    init(repeating byte: UInt8, count: Int) {
        frame = [UInt8](repeating: byte, count: Frame.headerLength + count)
        range = Frame.headerLength..<frame.count
    }

    init(_ bytes: some Sequence<UInt8>) {
        frame = [UInt8](repeating: 0, count: Frame.headerLength) + bytes
        range = Frame.headerLength..<frame.count
    }

    /// Takes the bytes of a message out of a stream.
    init(_ range: Range<Int>, of stream: [UInt8]) {
        frame = stream
        self.range = range
    }

    var count: Int { range.count }

    /// Writes the length of the message.
    mutating func writeHeader() {
        let length = UInt32(count).littleEndian
        frame.withUnsafeMutableBytes { $0.storeBytes(of: length, as: UInt32.self) }
    }

    func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try frame.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }

    mutating func withUnsafeMutableBytes<Result>(
        _ body: (UnsafeMutableRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        let range = range
        return try frame.withUnsafeMutableBytes { try body(UnsafeMutableRawBufferPointer(rebasing: $0[range])) }
    }
}
