import Glibc

/// Cuts a stream of bytes into lines, however it arrives in pieces.
struct LineSplitter {
    /// A longer line is handed on in parts of this size, in bytes, so that memory stays bounded.
    static let maximumLength = 32 << 20

    private var rest: [UInt8] = []

    /// Takes in a piece of the stream.
    ///
    /// - Parameter emit: Receives every line that is complete now, without its line feed.
    mutating func append(_ bytes: UnsafeRawBufferPointer, emit: (UnsafeRawBufferPointer) -> Void) {
        var remaining = bytes
        while let start = remaining.baseAddress, let feed = memchr(start, 0x0a, remaining.count) {
            let length = UnsafeRawPointer(feed) - start
            let part = UnsafeRawBufferPointer(start: start, count: length)
            if rest.isEmpty {
                emit(part)
            } else {
                rest.append(contentsOf: part)
                finish(emit: emit)
            }
            remaining = UnsafeRawBufferPointer(rebasing: remaining[(length + 1)...])
        }
        guard !remaining.isEmpty else { return }
        rest.append(contentsOf: remaining)
        if rest.count >= Self.maximumLength { finish(emit: emit) }
    }

    /// Hands on what came after the last line feed, if anything did.
    mutating func finish(emit: (UnsafeRawBufferPointer) -> Void) {
        guard !rest.isEmpty else { return }
        rest.withUnsafeBytes(emit)
        // A long line should not keep its memory for the rest of the run.
        rest.removeAll(keepingCapacity: rest.capacity <= 1 << 16)
    }
}
