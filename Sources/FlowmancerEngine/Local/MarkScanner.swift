import FlowmancerWire
import Glibc

/// Finds the marks in a stream that arrives in pieces.
struct MarkScanner {
    private let mark: [UInt8]
    /// How many bytes at the end of the pieces before may be the beginning of a mark.
    private var matched = 0

    init(_ mark: OutputMark) {
        self.mark = mark.bytes
    }

    /// Goes on to the next mark.
    ///
    /// - Parameters:
    ///   - bytes: The rest of a piece; what was looked at is removed.
    ///   - emit: Receives what comes before the mark.
    /// - Returns: Whether there is one: otherwise nothing of the piece is left.
    mutating func skip(to bytes: inout UnsafeRawBufferPointer, emit: (UnsafeRawBufferPointer) -> Void) -> Bool {
        while !bytes.isEmpty {
            if matched > 0 {
                let count = commonLength(bytes)
                if matched + count < mark.count, count < bytes.count {
                    // It was none. A mark begins with a byte that it has nowhere else: none can begin within it.
                    finish(emit: emit)
                    continue
                }
                matched += count
                bytes = UnsafeRawBufferPointer(rebasing: bytes[count...])
                guard matched == mark.count else { return false }
                matched = 0
                return true
            }
            guard let base = bytes.baseAddress, let start = memchr(base, Int32(mark[0]), bytes.count) else {
                emit(bytes)
                break
            }
            let length = UnsafeRawPointer(start) - base
            if length > 0 { emit(UnsafeRawBufferPointer(rebasing: bytes[..<length])) }
            bytes = UnsafeRawBufferPointer(rebasing: bytes[(length + 1)...])
            matched = 1
        }
        bytes = UnsafeRawBufferPointer(start: nil, count: 0)
        return false
    }

    /// Hands on what would have been the beginning of a mark.
    mutating func finish(emit: (UnsafeRawBufferPointer) -> Void) {
        let count = matched
        matched = 0
        if count > 0 { mark.withUnsafeBytes { emit(UnsafeRawBufferPointer(rebasing: $0[..<count])) } }
    }

    /// How many bytes continue the mark.
    private func commonLength(_ bytes: UnsafeRawBufferPointer) -> Int {
        zip(bytes, mark[matched...]).prefix { $0 == $1 }.count
    }
}
