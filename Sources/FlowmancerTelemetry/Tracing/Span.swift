package import struct FoundationEssentials.Date

/// A stretch of time in which something was done, as OpenTelemetry has it.
package struct Span: Sendable, Hashable {
    /// The number of a span, which no other of the trace has; never 0.
    package struct ID: Sendable, Hashable {
        package var value: UInt64

        package init(_ value: UInt64) {
            self.value = value == 0 ? 1 : value
        }
    }

    /// The value of an attribute.
    package enum Value: Sendable, Hashable {
        case text(String)
        case number(Int)
        case flag(Bool)
    }

    package enum Status: Sendable, Hashable {
        case success
        case failure(String)
    }

    package var id: ID
    package var parent: ID?
    /// The spans that had to end before.
    package var links: [ID] = []
    package var name: String
    package var start: Date
    package var end: Date
    package var attributes: [(key: String, value: Value)] = []
    package var status: Status

    package static func == (lhs: Span, rhs: Span) -> Bool {
        lhs.id == rhs.id && lhs.parent == rhs.parent && lhs.links == rhs.links && lhs.name == rhs.name
            && lhs.start == rhs.start && lhs.end == rhs.end && lhs.status == rhs.status
            && lhs.attributes.elementsEqual(rhs.attributes, by: ==)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(id)
    }
}

/// The number of a trace, which no other has: 16 bytes.
package struct TraceID: Sendable, Hashable {
    package var high: UInt64
    package var low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low == 0 && high == 0 ? 1 : low
    }
}
