internal import NIOCore
internal import Synchronization

/// The ``Outbox`` of a connection, to which all threads append.
final class SendQueue: Sendable {
    private let outbox = Mutex(Outbox())
    /// What the outbox says, for those that only look.
    private let count = Atomic(0)

    /// The bytes that have not left the program.
    var unsentCount: Int { count.load(ordering: .relaxed) }

    /// Appends bytes.
    ///
    /// - Returns: Whether the caller has to have them written.
    func append(_ bytes: [UInt8]) -> Bool { change { $0.append(bytes) } }

    /// Takes the next chunk to write.
    func next() -> ByteBuffer? { outbox.withLock { $0.next() } }

    /// Takes note that bytes have left.
    ///
    /// - Returns: Whether all have, after there was much of it.
    func left(_ bytes: Int) -> Bool { change { $0.left(bytes) } }

    /// Takes back the memory of a chunk.
    func reuse(_ chunk: ByteBuffer) { outbox.withLock { $0.reuse(chunk) } }

    /// Drops everything, now and later.
    func end() { change { $0.end() } }

    private func change<Result>(_ body: (inout Outbox) -> Result) -> Result {
        outbox.withLock { outbox in
            defer { count.store(outbox.unsentCount, ordering: .relaxed) }
            return body(&outbox)
        }
    }
}
