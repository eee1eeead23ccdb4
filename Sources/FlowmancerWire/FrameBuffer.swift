/// Bytes of a stream that no message was made of yet, however the stream is cut into pieces.
///
/// Not generic, so that what is done for every message is compiled for bytes alone.
struct FrameBuffer: Sendable {
    private var bytes: [UInt8] = []
    private var start = 0

    /// How many bytes have arrived that were not taken.
    var count: Int { bytes.count - start }

    /// Adds the next piece of the stream.
    mutating func append(_ piece: UnsafeRawBufferPointer) {
        if start == bytes.count {
            // A large message should not keep its memory for the rest of the run.
            bytes.removeAll(keepingCapacity: bytes.capacity <= 1 << 20)
            start = 0
        } else if start > 1 << 16 {
            bytes.removeFirst(start)
            start = 0
        }
        bytes.append(contentsOf: piece)
    }

    /// Takes the bytes of the next message; `nil` if they have not all arrived.
    ///
    /// - Throws: ``FrameError/tooLarge(_:)``; the stream cannot be read on then.
    mutating func next() throws(FrameError) -> FrameBytes? {
        guard count >= Frame.headerLength else { return nil }
        let length = bytes.withUnsafeBytes {
            Int(UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: start, as: UInt32.self)))
        }
        guard length <= Frame.maximumLength else { throw .tooLarge(length) }
        guard count >= Frame.headerLength + length else { return nil }
        let first = start + Frame.headerLength
        start = first + length
        return FrameBytes(first..<start, of: bytes)
    }
}
