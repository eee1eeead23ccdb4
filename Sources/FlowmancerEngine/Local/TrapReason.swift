import Glibc

/// Finds, in what an attempt writes to standard error, the line that says why its process is about to die.
///
/// A trap writes one, such as `main.swift:3: Fatal error: Index out of range`, and the backtrace that follows would bury it.
struct TrapReason {
    /// The reason; `nil` if none was written.
    private(set) var text: String?
    private var isStated = false

    /// What the Swift runtime puts between the place and the words.
    private static let marks: [StaticString] = ["Fatal error", "Precondition failed", "Assertion failed"]
    /// How a backtrace begins: the reason where the program stated none.
    private static let crash: StaticString = "*** Program crashed: "
    private static let maximumBytes = 1_000

    /// Takes in a line.
    mutating func note(_ line: UnsafeRawBufferPointer) {
        if Self.marks.contains(where: { Self.position(of: $0, in: line) != nil }) {
            text = Self.text(line)
            isStated = true
        } else if !isStated, Self.position(of: Self.crash, in: line) == 0 {
            text = Self.text(line).replacing("***", with: "").trimmed
        }
    }

    private static func text(_ line: UnsafeRawBufferPointer) -> String {
        String(decoding: line.prefix(maximumBytes), as: UTF8.self)
    }

    private static func position(of mark: StaticString, in line: UnsafeRawBufferPointer) -> Int? {
        guard let start = line.baseAddress, line.count >= mark.utf8CodeUnitCount else { return nil }
        let last = start + (line.count - mark.utf8CodeUnitCount)
        var place = start
        while place <= last, let found = memchr(place, Int32(mark.utf8Start.pointee), last - place + 1) {
            if memcmp(found, mark.utf8Start, mark.utf8CodeUnitCount) == 0 { return UnsafeRawPointer(found) - start }
            place = UnsafeRawPointer(found) + 1
        }
        return nil
    }
}

extension String {
    fileprivate var trimmed: String {
        var rest = self[...]
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }
}
