import FlowmancerCore
import struct FoundationEssentials.Date

/// Spans as a request of OTLP over HTTP, in JSON (https://opentelemetry.io/docs/specs/otlp/).
///
/// In this encoding, identifiers are hexadecimal and 64-bit integers are strings.
package struct OTLPText {
    private var buffer: [UInt8] = []

    /// Returns the body of a request.
    package static func body(
        of spans: [Span],
        in trace: TraceID,
        resource: [(key: String, value: Span.Value)]
    ) -> [UInt8] {
        var text = OTLPText()
        text.add(#"{"resourceSpans":[{"resource":{"attributes":"#)
        text.add(resource)
        text.add(#"},"scopeSpans":[{"scope":{"name":"flowmancer"},"spans":["#)
        for (index, span) in spans.enumerated() {
            if index > 0 { text.add(",") }
            text.add(span, trace)
        }
        text.add("]}]}]}")
        return text.buffer
    }

    private mutating func add(_ span: Span, _ trace: TraceID) {
        let trace = Self.hexadecimal(trace.high) + Self.hexadecimal(trace.low)
        add(#"{"traceId":"\#(trace)","spanId":"\#(Self.hexadecimal(span.id.value))""#)
        if let parent = span.parent { add(#","parentSpanId":"\#(Self.hexadecimal(parent.value))""#) }
        add(#","name":"#)
        JSONString.append(span.name, to: &buffer)
        // Kind 1 is INTERNAL.
        add(#","kind":1,"startTimeUnixNano":"\#(Self.nanoseconds(span.start))""#)
        add(#","endTimeUnixNano":"\#(Self.nanoseconds(span.end))","attributes":"#)
        add(span.attributes)
        if !span.links.isEmpty {
            let links = span.links.map { #"{"traceId":"\#(trace)","spanId":"\#(Self.hexadecimal($0.value))"}"# }
            add(#","links":[\#(links.joined(separator: ","))]"#)
        }
        switch span.status {
        case .success: add(#","status":{"code":1}}"#)
        case .failure(let message):
            add(#","status":{"code":2,"message":"#)
            JSONString.append(message, to: &buffer)
            add("}}")
        }
    }

    private mutating func add(_ attributes: [(key: String, value: Span.Value)]) {
        add("[")
        for (index, attribute) in attributes.enumerated() {
            add(index > 0 ? #",{"key":"# : #"{"key":"#)
            JSONString.append(attribute.key, to: &buffer)
            add(#","value":{"#)
            switch attribute.value {
            case .text(let text):
                add(#""stringValue":"#)
                JSONString.append(text, to: &buffer)
            case .number(let number): add(#""intValue":"\#(number)""#)
            case .flag(let flag): add(#""boolValue":\#(flag)"#)
            }
            add("}}")
        }
        add("]")
    }

    private mutating func add(_ text: String) {
        buffer.append(contentsOf: text.utf8)
    }

    private static func hexadecimal(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func nanoseconds(_ date: Date) -> UInt64 {
        // A `Double` has no nanoseconds so long after 1970: microseconds are what it can tell apart.
        UInt64(min(max(date.timeIntervalSince1970, 0), 1e10) * 1e6) * 1_000
    }
}
