import DequeModule

/// What one side of a link has sent and the other side may not have, and what has arrived. A pure value.
///
/// Frames have numbers from 1 on. Over a new connection, everything is sent again that the other side does not have.
struct FrameWindow {
    /// A number does not follow on those that have arrived.
    struct Gap: Error, Hashable {
        let number: UInt64
        let expected: UInt64
    }

    private var kept = Deque<[UInt8]>()
    /// The number of the last frame that was sent.
    private(set) var lastSent: UInt64 = 0
    /// The number of the last frame that has arrived.
    private(set) var received: UInt64 = 0
    /// How many bytes were sent that the other side may not have.
    private(set) var keptBytes = 0

    /// The number of the next frame to be sent.
    var nextNumber: UInt64 { lastSent + 1 }

    /// Keeps the next frame, until the other side has it.
    mutating func keep(_ frame: [UInt8]) {
        lastSent += 1
        kept.append(frame)
        keptBytes += frame.count
    }

    /// The other side has all frames up to this one.
    mutating func acknowledge(_ number: UInt64) {
        while lastSent - UInt64(kept.count) < number, let frame = kept.popFirst() { keptBytes -= frame.count }
    }

    /// Takes note of a frame that arrived.
    ///
    /// - Returns: Whether it is new.
    mutating func receive(_ number: UInt64) throws(Gap) -> Bool {
        guard number > received else { return false }
        guard number == received + 1 else { throw Gap(number: number, expected: received + 1) }
        received = number
        return true
    }

    /// The frames that the other side does not have, in their order.
    var unacknowledged: some Sequence<[UInt8]> { kept }
}
