/// A SHA-256, of the contents of a file or with a key of something else.
package struct ContentDigest: Sendable, Hashable {
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// - Parameter bytes: 32 of them.
    package init(_ bytes: [UInt8]) {
        func word(_ start: Int) -> UInt64 {
            var word: UInt64 = 0
            for index in start..<start + 8 { word = word << 8 | UInt64(index < bytes.count ? bytes[index] : 0) }
            return word
        }
        words = (word(0), word(8), word(16), word(24))
    }

    /// Reads the 64 hexadecimal digits.
    package init?(hexadecimal digits: some Collection<UInt8>) {
        guard digits.count == 64 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        var high: UInt8?
        for digit in digits {
            let value: UInt8
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
            default: return nil
            }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        self.init(bytes)
    }

    /// Appends the 64 hexadecimal digits.
    package func append(to buffer: inout [UInt8]) {
        for word in [words.0, words.1, words.2, words.3] {
            for place in 0..<16 {
                let digit = UInt8(truncatingIfNeeded: word >> (60 - 4 * place) & 0xf)
                buffer.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
            }
        }
    }

    package static func == (left: Self, right: Self) -> Bool { left.words == right.words }

    package func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}

/// What the system says of a file, which changes whenever its contents do.
package struct FileSignature: Sendable, Hashable {
    package let size: Int64
    /// The time of the last change of the contents, in nanoseconds since 1970.
    package let modified: Int64
    /// The time of the last change of anything, which no program can set.
    package let changed: Int64
    package let inode: UInt64

    package init(size: Int64, modified: Int64, changed: Int64, inode: UInt64) {
        (self.size, self.modified, self.changed, self.inode) = (size, modified, changed, inode)
    }
}

/// A file that counts, as it was.
package struct RecordedFile: Sendable, Hashable {
    package let path: String
    package let contents: ContentDigest
    /// With this signature it still has these contents. `nil` if the file had been changed so recently that the clock may not
    /// tell the next change from that one: its contents have to be read again.
    package let signature: FileSignature?
    /// The time of the last change, if it was looked at in this run; it is not recorded.
    @Uncompared package private(set) var modified: Int64?

    package init(_ path: String, _ contents: ContentDigest, _ signature: FileSignature?, modified: Int64? = nil) {
        (self.path, self.contents, self.signature) = (path, contents, signature)
        self.modified = modified ?? signature?.modified
    }

    // Two names may differ and yet be equal texts, in another normal form.

    /// Whether it goes before another file in a list: files go by the bytes of their paths.
    package func precedes(_ other: RecordedFile) -> Bool { path.utf8.lexicographicallyPrecedes(other.path.utf8) }

    package func hasPath(of other: RecordedFile) -> Bool { path.utf8.elementsEqual(other.path.utf8) }
}

/// The files that a list of paths and patterns stands for, as they are.
package struct FileSurvey: Sendable, Hashable {
    /// Each once, in the order of their paths.
    package var files: [RecordedFile]
    /// Why these are not all files, or not for certain; the first reason.
    package var problem: FileProblem?

    package init(_ files: [RecordedFile] = [], problem: FileProblem? = nil) {
        (self.files, self.problem) = (files, problem)
    }
}

/// Why a file does not count as it should.
package enum FileProblem: Error, Sendable, Hashable {
    /// There is nothing at the path.
    case missing(String)
    /// No file matches the pattern.
    case unmatched(String)
    case unreadable(String, reason: String)
    /// It is a device, a pipe or a socket.
    case noFile(String)
    /// It changed again and again while it was read.
    case changing(String)
}
