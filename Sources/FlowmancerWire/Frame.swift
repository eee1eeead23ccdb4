package import SwiftProtobuf

/// How messages are told apart on a stream: each is preceded by its length, four bytes, little-endian.
package enum Frame {
    /// The version of the messages, which a worker says first.
    package static let protocolVersion: UInt32 = 1

    /// The largest message, in bytes. Its sender is told before it is sent; its receiver ends the connection.
    package static let maximumLength = 64 << 20

    /// The length of what precedes a message, in bytes.
    package static let headerLength = 4

    /// Returns a message ready to be sent.
    ///
    /// - Throws: ``FrameError`` if the message is too large.
    package static func encode(_ message: some Message) throws -> [UInt8] {
        var bytes: FrameBytes = try message.serializedBytes()
        guard bytes.count <= maximumLength else { throw FrameError.tooLarge(bytes.count) }
        bytes.writeHeader()
        return bytes.frame
    }
}

/// Bytes that are no sequence of messages.
package enum FrameError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A message of more bytes than allowed.
    case tooLarge(Int)
    /// The bytes of a message do not make one.
    case malformed

    package var description: String {
        switch self {
        case .tooLarge(let length): "a message of \(length) bytes; the maximum is \(Frame.maximumLength)"
        case .malformed: "bytes that are not a message"
        }
    }
}

/// Takes messages out of a stream, however it is cut into pieces.
package struct FrameDecoder<Content: Message>: Sendable {
    private var buffer: [UInt8] = []
    private var start = 0

    package init() {}

    /// Whether the stream could end here: no message has begun.
    package var isAtBoundary: Bool { start == buffer.count }

    /// How many bytes have arrived that no message was made of.
    package var bufferedCount: Int { buffer.count - start }

    /// Adds the next piece of the stream.
    package mutating func append(_ bytes: some Sequence<UInt8>) {
        if start == buffer.count {
            // A large message should not keep its memory for the rest of the run.
            buffer.removeAll(keepingCapacity: buffer.capacity <= 1 << 20)
            start = 0
        } else if start > 1 << 16 {
            buffer.removeFirst(start)
            start = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// Returns the next message, or `nil` if it has not arrived whole.
    ///
    /// - Throws: ``FrameError``; the stream cannot be read on then.
    package mutating func next() throws -> Content? {
        let available = buffer.count - start
        guard available >= Frame.headerLength else { return nil }
        let length = buffer.withUnsafeBytes {
            Int(UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: start, as: UInt32.self)))
        }
        guard length <= Frame.maximumLength else { throw FrameError.tooLarge(length) }
        guard available >= Frame.headerLength + length else { return nil }
        let first = start + Frame.headerLength
        start = first + length
        do {
            return try Content(serializedBytes: FrameBytes(first..<start, of: buffer))
        } catch {
            throw FrameError.malformed
        }
    }
}
