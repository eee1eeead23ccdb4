public import struct FoundationEssentials.Date
import Synchronization

/// The identity of a run: a UUID of version 7 (RFC 9562).
///
/// Later runs have greater ids, and their texts sort in the same order. Ids of one process never repeat and always grow,
/// even if its clock is set back.
public struct RunID: Sendable, Hashable, Comparable, Codable, LosslessStringConvertible {
    /// The 48 bits of the time in milliseconds, the version, and 12 random bits.
    package let high: UInt64
    /// The variant in two bits, and 62 random bits.
    package let low: UInt64

    private static let last = Mutex(RunID.unknown)

    /// The environment variable from which the processes that tasks start know the id.
    package static let environmentVariable = "FLOWMANCER_RUN_ID"

    /// The id of no known run: all zeros. Events that a test creates have it unless the test gives another.
    public static let unknown = RunID(high: 0, low: 0)

    /// Creates the id of a new run.
    public init() {
        var random = SystemRandomNumberGenerator()
        let now = UInt64(max(0, Date().timeIntervalSince1970) * 1_000)
        self = Self.last.withLock { last in
            last = RunID(milliseconds: now, random: (random.next(), random.next()), after: last)
            return last
        }
    }

    /// Creates an id that is greater than the one before.
    ///
    /// - Parameters:
    ///   - milliseconds: The time since 1970.
    ///   - random: What the id is made of besides.
    package init(milliseconds: UInt64, random: (UInt64, UInt64), after previous: RunID) {
        let fresh = RunID(
            high: milliseconds << 16 | Self.version | random.0 & 0xFFF,
            low: Self.variant | random.1 & ~Self.variantMask
        )
        self = fresh > previous ? fresh : previous.successor
    }

    /// Creates an id from its two halves.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    private static let version: UInt64 = 0x7000
    private static let variant: UInt64 = 1 << 63
    private static let variantMask: UInt64 = 3 << 62

    /// The next id of the same millisecond, or of the next one after the last.
    private var successor: RunID {
        let next = (low & ~Self.variantMask) + 1
        guard next & Self.variantMask != 0 else { return RunID(high: high, low: Self.variant | next) }
        let isFull = high & 0xFFF == 0xFFF
        return RunID(high: isFull ? (high >> 16 + 1) << 16 | Self.version : high + 1, low: Self.variant)
    }

    /// When the run began, to the millisecond.
    public var date: Date { Date(timeIntervalSince1970: Double(high >> 16) / 1_000) }

    // MARK: Text

    /// Reads the text of an id, as ``description`` gives it; `nil` if it is not one. Capital letters are accepted.
    public init?(_ description: String) {
        let bytes = Array(description.utf8)
        guard bytes.count == 36 else { return nil }
        var halves: [UInt64] = []
        var (value, digits): (UInt64, Int) = (0, 0)
        for (index, byte) in bytes.enumerated() {
            if Self.dashes.contains(index) {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard let digit = Character(UnicodeScalar(byte)).hexDigitValue, byte < 0x80 else { return nil }
            value = value << 4 | UInt64(digit)
            digits += 1
            if digits == 16 || digits == 32 { halves.append(value) }
        }
        let id = RunID(high: halves[0], low: halves[1])
        let isVersion7 = id.high & 0xF000 == Self.version && id.low & Self.variantMask == Self.variant
        guard isVersion7 || id == .unknown else { return nil }
        self = id
    }

    /// The id as text: `019b0f6e-5c2a-7d31-a4c0-5b1e8f2d9c37`.
    public var description: String {
        String(unsafeUninitializedCapacity: 36) { buffer in
            var digit = 0
            for index in 0..<36 {
                if Self.dashes.contains(index) {
                    buffer[index] = UInt8(ascii: "-")
                    continue
                }
                let half = digit < 16 ? high : low
                let value = UInt8(truncatingIfNeeded: half >> UInt64(60 - 4 * (digit & 15))) & 15
                buffer[index] = value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
                digit += 1
            }
            return 36
        }
    }

    private static let dashes = [8, 13, 18, 23]

    /// Reads an id from its text.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let id = RunID(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is not the id of a run")
        }
        self = id
    }

    /// Stores the id as text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    /// Whether an id is that of an earlier run.
    public static func < (lhs: RunID, rhs: RunID) -> Bool { (lhs.high, lhs.low) < (rhs.high, rhs.low) }
}
