import FlowmancerCore

/// Masks secrets in a stream of bytes, however it arrives in pieces.
///
/// Every byte that belongs to a secret is masked, also where secrets overlap; what belongs together is masked once. Only
/// the end of the stream with which a secret may begin is held back, which is always shorter than the longest pattern
/// and never contains a line feed.
struct StreamMasker {
    private static let mask = Array(SecretText.mask.utf8)

    private let masker: SecretMasker
    private var contents: SecretMasker.Contents
    private var state = PatternAutomaton.start
    private var held: [UInt8] = []
    /// What is known to be secret in what is held back or looked at: in ascending order, with gaps between.
    private var covered: [Range<Int>] = []
    /// Whether the byte before what is held back was masked.
    private var isWithinSecret = false

    init(_ masker: SecretMasker) {
        self.masker = masker
        contents = masker.contents
    }

    /// How much is held back.
    var heldBytes: Int { held.count }

    /// Takes in a piece of the stream.
    ///
    /// - Parameter emit: Receives what can be handed on, in pieces.
    mutating func append(_ bytes: UnsafeRawBufferPointer, emit: (UnsafeRawBufferPointer) -> Void) {
        let isRenewed = renew()
        if held.isEmpty {
            process(bytes, from: 0, emit: emit)
        } else {
            let count = held.count
            var all = held
            held = []
            all.append(contentsOf: bytes)
            all.withUnsafeBytes { process($0, from: isRenewed ? 0 : count, emit: emit) }
        }
    }

    /// Looks for secrets that were added meanwhile, from what is held back on.
    private mutating func renew() -> Bool {
        let present = masker.contents
        guard present.version != contents.version else { return false }
        contents = present
        state = PatternAutomaton.start
        return true
    }

    /// Hands on what was held back: nothing follows that it could be a secret with.
    mutating func finish(emit: (UnsafeRawBufferPointer) -> Void) {
        let rest = held
        held = []
        rest.withUnsafeBytes { hand($0, emit: emit) }
        state = PatternAutomaton.start
        covered = []
        isWithinSecret = false
    }

    /// - Parameter from: Where the bytes begin that were not looked at.
    private mutating func process(
        _ bytes: UnsafeRawBufferPointer,
        from: Int,
        emit: (UnsafeRawBufferPointer) -> Void
    ) {
        let automaton = contents.automaton
        for position in from..<bytes.count {
            state = automaton.next(state, bytes[position])
            let length = automaton.matchLength(at: state)
            if length > 0 { cover(position + 1 - length..<position + 1) }
        }
        let decided = bytes.count - automaton.depth(of: state)
        hand(UnsafeRawBufferPointer(rebasing: bytes[..<decided]), emit: emit)
        held = Array(bytes[decided...])
        covered = covered.compactMap { range in
            range.upperBound > decided ? max(0, range.lowerBound - decided)..<range.upperBound - decided : nil
        }
    }

    private mutating func cover(_ range: Range<Int>) {
        var range = range
        while let last = covered.last, last.upperBound >= range.lowerBound {
            range = min(last.lowerBound, range.lowerBound)..<max(last.upperBound, range.upperBound)
            covered.removeLast()
        }
        covered.append(range)
    }

    /// Hands on bytes, with a mask in the place of each range that is covered.
    private mutating func hand(_ bytes: UnsafeRawBufferPointer, emit: (UnsafeRawBufferPointer) -> Void) {
        var position = 0
        for range in covered {
            let (start, end) = (min(range.lowerBound, bytes.count), min(range.upperBound, bytes.count))
            guard start < end else { break }
            if start > position {
                emit(UnsafeRawBufferPointer(rebasing: bytes[position..<start]))
                isWithinSecret = false
            }
            if !isWithinSecret { Self.mask.withUnsafeBytes(emit) }
            isWithinSecret = true
            position = end
        }
        if position < bytes.count {
            emit(UnsafeRawBufferPointer(rebasing: bytes[position...]))
            isWithinSecret = false
        }
    }
}
