import FlowmancerCore

/// The part of some content that a `Range` header asks for, as of RFC 9110, section 14. A pure value.
enum ByteRange: Hashable {
    case all
    case part(Range<Int>)
    /// It has nothing of the content.
    case outside

    /// A longer part is cut: who wants more asks again.
    static let longest = 1 << 20

    /// - Parameters:
    ///   - header: The header; one that is not understood, or asks for several parts, is passed over.
    ///   - size: The length of the content in bytes.
    init(_ header: String?, of size: Int) {
        guard let header, let range = Self.bounds(header) else {
            self = .all
            return
        }
        let (start, end): (Int, Int)
        switch range {
        case (let first?, let last?):
            guard first <= last else {
                self = .all
                return
            }
            (start, end) = (first, last < size ? last + 1 : size)
        case (let first?, nil): (start, end) = (first, size)
        // The last bytes are what somebody wants who does not know how many there are.
        case (nil, let count?): (start, end) = (max(0, size - min(count, Self.longest)), size)
        case (nil, nil):
            self = .all
            return
        }
        self = start < end ? .part(start..<min(end, start + Self.longest)) : .outside
    }

    /// The numbers around the dash; `nil` if the header is something else.
    private static func bounds(_ header: String) -> (Int?, Int?)? {
        let text = header.lowercased().filter { $0 != " " }
        guard text.hasPrefix("bytes="), !text.contains(",") else { return nil }
        let parts = text.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        var numbers: [Int?] = []
        for part in parts {
            let number = part.isEmpty ? nil : Int(part)
            guard part.isEmpty || number != nil else { return nil }
            numbers.append(number)
        }
        return (numbers[0], numbers[1])
    }
}
