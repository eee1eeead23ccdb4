extension JSONParser {
    /// Reads the text whose opening quote is at the position.
    mutating func string() throws(Failure) -> String {
        let start = mark()
        position += 1
        let first = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\""), bytes[position] != UInt8(ascii: "\\"),
            bytes[position] >= 0x20
        {
            position += 1
        }
        if current == UInt8(ascii: "\"") {
            position += 1
            return String(decoding: bytes[first..<(position - 1)], as: UTF8.self)
        }

        var text = Array(bytes[first..<position])
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                text.append(contentsOf: String(try escape()).utf8)
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                throw Failure(text: "the end of the text is missing on this line; expected '\"'", mark: start)
            case 0..<0x20:
                throw failure("a control character is not allowed in text; write it as an escape, \\uHHHH")
            case let byte:
                text.append(byte)
                position += 1
            }
        }
        throw Failure(text: "the end of the text is missing; expected '\"'", mark: start)
    }

    private mutating func escape() throws(Failure) -> Unicode.Scalar {
        let place = mark()
        let letter = position + 1 < bytes.count ? bytes[position + 1] : 0
        position += 2
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): break
        default:
            throw Failure(
                text: "unknown escape; expected one of \\n \\t \\\" \\\\ \\/ \\b \\f \\r \\uHHHH",
                mark: place
            )
        }
        let unit = try hexadecimal(place)
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard unit < 0xdc00, bytes[min(position, bytes.count)...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")])
        else {
            throw Failure(text: "the escape is half of a surrogate pair", mark: place)
        }
        position += 2
        let second = try hexadecimal(place)
        guard 0xdc00...0xdfff ~= second,
            let scalar = Unicode.Scalar(0x1_0000 + (unit - 0xd800) << 10 + (second - 0xdc00))
        else { throw Failure(text: "the escape is half of a surrogate pair", mark: place) }
        return scalar
    }

    private mutating func hexadecimal(_ place: SourceMark) throws(Failure) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(current)).hexDigitValue else {
                throw Failure(text: "expected four hexadecimal digits after \\u", mark: place)
            }
            value = value << 4 + UInt32(digit)
            position += 1
        }
        return value
    }

    /// Reads the number at the position.
    ///
    /// - Returns: The number as it is written.
    mutating func number() throws(Failure) -> String {
        let start = mark()
        let first = position
        if current == UInt8(ascii: "-") { position += 1 }
        let leading = current
        let whole = skipDigits()
        if whole == 0 { throw failure("expected a digit, found \(found)") }
        if whole > 1, leading == UInt8(ascii: "0") {
            throw Failure(text: "a number cannot begin with 0; put it in quotes if it is text", mark: start)
        }
        if current == UInt8(ascii: ".") {
            position += 1
            if skipDigits() == 0 { throw failure("expected a digit after '.', found \(found)") }
        }
        if current | 0x20 == UInt8(ascii: "e") {
            position += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
            if skipDigits() == 0 { throw failure("expected a digit in the exponent, found \(found)") }
        }
        let text = String(decoding: bytes[first..<position], as: UTF8.self)
        if Int(text) == nil, Double(text)?.isFinite != true {
            throw Failure(text: "the number is too large; put it in quotes if it is text", mark: start)
        }
        return text
    }

    private mutating func skipDigits() -> Int {
        let first = position
        while UInt8(ascii: "0")...UInt8(ascii: "9") ~= current { position += 1 }
        return position - first
    }
}
