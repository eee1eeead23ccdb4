package import SwiftProtobuf

/// How messages are told apart on a stream: each is preceded by its length, four bytes, little-endian.
package enum Frame {
    /// The version of the messages, which a worker says first.
    package static let protocolVersion: UInt32 = 1

    /// The version of the messages between engine and pilot, which a pilot says first.
    package static let pilotProtocolVersion: UInt32 = 1

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
    private var buffer = FrameBuffer()

    package init() {}

    /// Whether the stream could end here: no message has begun.
    package var isAtBoundary: Bool { buffer.count == 0 }

    /// How many bytes have arrived that no message was made of.
    package var bufferedCount: Int { buffer.count }

    /// Adds the next piece of the stream.
    package mutating func append(_ bytes: UnsafeRawBufferPointer) { buffer.append(bytes) }

    /// Returns the next message, or `nil` if it has not arrived whole.
    ///
    /// - Throws: ``FrameError``; the stream cannot be read on then.
    package mutating func next() throws -> Content? {
        guard let bytes = try buffer.next() else { return nil }
        do {
            return try Content(serializedBytes: bytes)
        } catch {
            throw FrameError.malformed
        }
    }
}
