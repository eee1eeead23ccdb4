import Glibc

/// Cuts a stream of bytes into lines, however it arrives in pieces.
///
/// A line ends with a line feed; carriage returns before that belong to the end. Any other carriage return begins the line
/// anew, as on a terminal: what follows replaces what was there, and only the last state of the line is handed on.
struct LineSplitter {
    /// A longer line is handed on in parts of this size, in bytes, so that memory stays bounded.
    static let maximumLength = 32 << 20

    /// The line that has no end yet; of one that replaces itself, the present state.
    private var rest: [UInt8] = []
    /// Whether a carriage return follows it: what comes next replaces it, unless that is the end of the line.
    private var isReturned = false
    /// `nil` unless the line replaces itself.
    private var states: States?

    private struct States {
        /// How many were shown before the end of the line.
        var shownCount = 0
        var isPresentShown = false
    }

    /// The time after which the present state of a line that replaces itself is to be shown: 1, 2, 4 seconds, then always
    /// 8. `nil` if there is no such line, or nothing new in it.
    var pauseBeforeShowing: Duration? {
        guard let states, !states.isPresentShown, !rest.isEmpty else { return nil }
        return .seconds(1 << min(states.shownCount, 3))
    }

    /// Takes in a piece of the stream.
    ///
    /// - Parameter emit: Receives every line that is complete now, without its end.
    mutating func append(_ bytes: UnsafeRawBufferPointer, emit: (UnsafeRawBufferPointer) -> Void) {
        guard let base = bytes.baseAddress else { return }
        // Little output has carriage returns: one look at all of it costs less than one at every line.
        let hasReturns = isReturned || memchr(base, Int32(Self.carriageReturn), bytes.count) != nil
        var remaining = bytes
        while let start = remaining.baseAddress, let feed = memchr(start, 0x0a, remaining.count) {
            let length = UnsafeRawPointer(feed) - start
            let part = UnsafeRawBufferPointer(start: start, count: length)
            endLine(hasReturns ? present(part) : part, emit: emit)
            remaining = UnsafeRawBufferPointer(rebasing: remaining[(length + 1)...])
        }
        extend(with: hasReturns ? present(remaining) : remaining)
        if rest.count >= Self.maximumLength { finish(emit: emit) }
    }

    /// Hands on what came after the last line feed, if anything did.
    mutating func finish(emit: (UnsafeRawBufferPointer) -> Void) {
        handOnRest(emit: emit)
        (isReturned, states) = (false, nil)
    }

    /// Hands on the present state of a line that replaces itself, unless it was shown.
    mutating func showState(emit: (UnsafeRawBufferPointer) -> Void) {
        guard let shownCount = states?.shownCount, pauseBeforeShowing != nil else { return }
        rest.withUnsafeBytes(emit)
        states = States(shownCount: shownCount + 1, isPresentShown: true)
    }

    private static let carriageReturn = UInt8(ascii: "\r")

    private mutating func endLine(_ part: UnsafeRawBufferPointer, emit: (UnsafeRawBufferPointer) -> Void) {
        if rest.isEmpty {
            emit(part)
        } else {
            extend(with: part)
            handOnRest(emit: emit)
        }
        (isReturned, states) = (false, nil)
    }

    private mutating func extend(with part: UnsafeRawBufferPointer) {
        guard !part.isEmpty else { return }
        rest.append(contentsOf: part)
        states?.isPresentShown = false
    }

    private mutating func handOnRest(emit: (UnsafeRawBufferPointer) -> Void) {
        guard !rest.isEmpty else { return }
        if states?.isPresentShown != true { rest.withUnsafeBytes(emit) }
        // A long line should not keep its memory for the rest of the run.
        rest.removeAll(keepingCapacity: rest.capacity <= 1 << 16)
    }

    /// Takes in the carriage returns of a part of the line, and removes what it replaces.
    ///
    /// - Returns: What of the part belongs to the present state of the line.
    private mutating func present(_ part: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let end = part.lastIndex { $0 != Self.carriageReturn }.map { $0 + 1 } ?? 0
        let start = part[..<end].lastIndex(of: Self.carriageReturn).map { $0 + 1 } ?? 0
        if start > 0 || isReturned && end > 0 { rest.removeAll(keepingCapacity: true) }
        if start > 0 || end < part.count { states = states ?? States() }
        isReturned = end < part.count || isReturned && end == 0
        return UnsafeRawBufferPointer(rebasing: part[start..<end])
    }
}
