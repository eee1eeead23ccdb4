// The system's texts are bytes: a path, an argument or a variable need not be valid UTF-8. A string holds a byte that does
// not belong to valid UTF-8 as one of 128 private-use scalars, U+10FE80 … U+10FEFF, and the calls that take such a text
// turn it back. In between, it is a string like any other. A scalar of these that the system's own text has is taken apart
// into its bytes, so that every text comes back as it was.

extension String {
    /// Creates the text that stands for bytes of the system.
    package init(systemBytes bytes: some Collection<UInt8>) {
        if let text = String(validating: bytes, as: UTF8.self), !text.holdsSystemBytes {
            self = text
            return
        }
        var scalars = String.UnicodeScalarView()
        var parser = Unicode.UTF8.ForwardParser()
        var source = bytes.makeIterator()
        var position = bytes.startIndex
        func next(_ length: Int) -> Slice<some Collection<UInt8>> {
            let end = bytes.index(position, offsetBy: length)
            defer { position = end }
            return Slice(base: bytes, bounds: position..<end)
        }
        while true {
            switch parser.parseScalar(from: &source) {
            case .valid(let encoded):
                let scalar = Unicode.UTF8.decode(encoded)
                let own = next(encoded.count)
                if scalar.systemByte == nil {
                    scalars.append(scalar)
                } else {
                    scalars.append(contentsOf: own.map(Unicode.Scalar.init(systemByte:)))
                }
            case .error(let length):
                scalars.append(contentsOf: next(length).map(Unicode.Scalar.init(systemByte:)))
            case .emptyInput:
                self = String(scalars)
                return
            }
        }
    }

    /// Creates the text that stands for a text of the system, which ends with a zero.
    package init(systemText text: UnsafePointer<CChar>) {
        let bytes = UnsafeRawBufferPointer(start: text, count: UnsafePointer(text).length)
        self.init(systemBytes: bytes)
    }

    /// The bytes that the system is to get.
    package var systemBytes: [UInt8] {
        guard holdsSystemBytes else { return Array(utf8) }
        return unicodeScalars.flatMap { scalar in scalar.systemByte.map { [$0] } ?? Array(String(scalar).utf8) }
    }

    /// Whether the text stands for bytes that are no valid UTF-8.
    package var holdsSystemBytes: Bool {
        // All of the scalars begin with this byte, and hardly any other does.
        utf8.contains(0xF4) && unicodeScalars.contains { $0.systemByte != nil }
    }

    /// Whether the text is an absolute path. A combining character behind the slash does not change that.
    package var isAbsolutePath: Bool { utf8.first == UInt8(ascii: "/") }

    /// Calls a function with the bytes that the system is to get, and a zero behind them.
    package func withSystemText<Result>(_ body: (UnsafePointer<CChar>) throws -> Result) rethrows -> Result {
        guard holdsSystemBytes else { return try withCString(body) }
        var bytes = systemBytes.map(CChar.init(bitPattern:))
        bytes.append(0)
        return try body(bytes)
    }
}

extension Unicode.Scalar {
    /// The byte that the scalar stands for in a text of the system.
    package var systemByte: UInt8? {
        (0x10_FE80...0x10_FEFF).contains(value) ? UInt8(truncatingIfNeeded: value) : nil
    }

    /// - Parameter byte: At least 0x80.
    fileprivate init(systemByte byte: UInt8) {
        self = Unicode.Scalar(0x10_FE00 + UInt32(byte)) ?? "\u{FFFD}"
    }
}

extension UnsafePointer<CChar> {
    /// How many bytes come before the zero.
    fileprivate var length: Int {
        var length = 0
        while self[length] != 0 { length += 1 }
        return length
    }
}
