import FlowmancerCore

/// The part of an address behind the question mark, of which every member has to be understood. A pure value.
struct RequestQuery {
    /// The members in their order, decoded.
    private var members: [(key: String, value: String)]

    /// - Parameters:
    ///   - text: What stands behind the question mark; `nil` if there is none.
    ///   - known: The names of the members that the address takes.
    /// - Throws: ``Problem`` if there is another one, or one that is not properly encoded.
    init(_ text: Substring?, knowing known: [String]) throws(Problem) {
        members = []
        for part in (text ?? "").split(separator: "&") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let key = PercentEncoding.decode(pair[0], plusIsSpace: true),
                let value = PercentEncoding.decode(pair.count > 1 ? pair[1] : "", plusIsSpace: true)
            else {
                throw Problem(.badRequest, "'\(String(part).printable)' in the address is not properly percent-encoded")
            }
            guard known.contains(key) else { throw Self.unknown(key, known) }
            members.append((key, value))
        }
    }

    private static func unknown(_ key: String, _ known: [String]) -> Problem {
        guard !known.isEmpty else {
            return Problem(.badRequest, "this address takes no parameters, found '\(key.printable)'")
        }
        let hint = key.nearest(among: known).map { "; did you mean '\($0)'?" } ?? ""
        let list = known.joined(separator: ", ")
        return Problem(.badRequest, "there is no parameter '\(key.printable)'\(hint); this address takes: \(list)")
    }

    /// The values of a member that may stand several times.
    func texts(_ key: String) -> [String] { members.filter { $0.key == key }.map(\.value) }

    /// The value of a member.
    ///
    /// - Throws: ``Problem`` if it stands several times.
    func text(_ key: String) throws(Problem) -> String? {
        let values = texts(key)
        guard values.count < 2 else {
            throw Problem(.badRequest, "the parameter '\(key)' is given \(values.count) times")
        }
        return values.first
    }

    /// A number.
    ///
    /// - Throws: ``Problem`` if it is something else, or out of the range.
    func number(_ key: String, in range: ClosedRange<Int>) throws(Problem) -> Int? {
        guard let text = try text(key) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            let expected =
                range.upperBound == .max
                ? "a number from \(range.lowerBound)" : "a number from \(range.lowerBound) to \(range.upperBound)"
            throw Problem(.badRequest, "the parameter '\(key)' expects \(expected), found '\(text.printable)'")
        }
        return number
    }

    /// The id of a run.
    func run(_ key: String) throws(Problem) -> RunID? {
        guard let text = try text(key) else { return nil }
        guard let id = RunID(text) else {
            throw Problem(
                .badRequest,
                "the parameter '\(key)' expects the whole id of a run, found '\(text.printable)'"
            )
        }
        return id
    }
}

/// Percent-encoding as of RFC 3986.
enum PercentEncoding {
    /// - Returns: `nil` if a percent sign is not followed by two hexadecimal digits, or the result is not valid UTF-8.
    static func decode(_ text: Substring, plusIsSpace: Bool = false) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
