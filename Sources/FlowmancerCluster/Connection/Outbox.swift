internal import NIOCore

/// What was given to a connection and has not left the program, in chunks of the size that one write takes.
///
/// A pure value: ``SendQueue`` guards it, and ``ConnectionHandler`` writes the chunks.
struct Outbox {
    /// The bytes of a chunk at most. It is encrypted into records of 16 kB and given to the system in one call.
    static let chunkSize = 64 * 1_024
    /// The bytes above which there is much to send, so that it is worth telling when all of it has left.
    static let largeCount = 256 * 1_024

    /// The bytes that were appended and have not left. 0 after the end.
    private(set) var unsentCount = 0
    private var stage = Stage.idle
    private var wasLarge = false
    /// Full chunks, the oldest first.
    private var full = CircularBuffer<ByteBuffer>()
    /// The chunk to which more is appended.
    private var tail = ByteBuffer()
    /// An empty chunk whose memory is used again.
    private var spare: ByteBuffer?

    private enum Stage {
        case idle
        /// Somebody asks for chunks until there is none.
        case flushing
        case ended
    }

    /// Whether nothing is taken any more.
    var isEnded: Bool { stage == .ended }

    /// Appends bytes. Nothing is appended after the end.
    ///
    /// - Returns: Whether the caller has to have the chunks written: nobody does it yet.
    mutating func append(_ bytes: [UInt8]) -> Bool {
        guard stage != .ended, !bytes.isEmpty else { return false }
        bytes.withUnsafeBytes { bytes in
            var start = 0
            while start < bytes.count {
                if tail.readableBytes == Self.chunkSize { startChunk() }
                let count = min(bytes.count - start, Self.chunkSize - tail.readableBytes)
                tail.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[start..<start + count]))
                start += count
            }
        }
        unsentCount += bytes.count
        if unsentCount > Self.largeCount { wasLarge = true }
        guard stage == .idle else { return false }
        stage = .flushing
        return true
    }

    private mutating func startChunk() {
        full.append(tail)
        tail = takeSpare()
    }

    private mutating func takeSpare() -> ByteBuffer {
        let buffer = spare ?? ByteBuffer()
        spare = nil
        return buffer
    }

    /// Takes the next chunk. It counts as unsent until ``left(_:)``.
    ///
    /// - Returns: `nil` if there is none. Then the next ``append(_:)`` asks for another pass.
    mutating func next() -> ByteBuffer? {
        guard stage == .flushing else { return nil }
        if let chunk = full.popFirst() { return chunk }
        guard tail.readableBytes > 0 else {
            stage = .idle
            return nil
        }
        let chunk = tail
        tail = takeSpare()
        return chunk
    }

    /// Takes note that bytes have left the program.
    ///
    /// - Returns: Whether all have, after there was much of it.
    mutating func left(_ count: Int) -> Bool {
        guard stage != .ended else { return false }
        unsentCount -= count
        guard unsentCount == 0, wasLarge else { return false }
        wasLarge = false
        return true
    }

    /// Takes back a chunk that was written, and is empty again.
    mutating func reuse(_ chunk: ByteBuffer) {
        if stage != .ended { spare = chunk }
    }

    /// Drops everything, and takes nothing any more.
    mutating func end() { self = Outbox(stage: .ended) }

    /// Creates an empty one.
    init() {}

    private init(stage: Stage) { self.stage = stage }
}
