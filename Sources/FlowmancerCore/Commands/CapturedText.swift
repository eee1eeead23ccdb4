/// The text that a command prints, which arrives in pieces. Its line ends are line feeds, and those at its end are left out.
package struct CapturedText: Sendable {
    private let limit: Int
    private var bytes: [UInt8] = []
    /// How many line feeds, and then carriage returns, follow: only what comes next shows whether they belong to the text.
    private var lineFeeds = 0
    private var returns = 0
    private var isExceeded = false

    /// - Parameter limit: The most bytes that the text may have.
    package init(limit: Int) {
        self.limit = limit
    }

    /// The text; `nil` if it is longer than the limit.
    package var text: String? { isExceeded ? nil : String(decoding: bytes, as: UTF8.self) }

    /// Takes in a piece of what is printed.
    package mutating func append(_ part: ArraySlice<UInt8>) {
        var rest = part
        while !isExceeded, let byte = rest.first {
            switch byte {
            case Self.lineFeed:
                // Carriage returns before it belong to the line end.
                (lineFeeds, returns) = (lineFeeds + 1, 0)
                rest.removeFirst()
            case Self.carriageReturn:
                returns += 1
                rest.removeFirst()
            default:
                let end = rest.firstIndex { $0 == Self.lineFeed || $0 == Self.carriageReturn } ?? rest.endIndex
                keep(rest[..<end])
                rest = rest[end...]
            }
        }
    }

    private mutating func keep(_ text: ArraySlice<UInt8>) {
        guard bytes.count + lineFeeds + returns + text.count <= limit else {
            isExceeded = true
            return
        }
        bytes.append(contentsOf: repeatElement(Self.lineFeed, count: lineFeeds))
        bytes.append(contentsOf: repeatElement(Self.carriageReturn, count: returns))
        bytes.append(contentsOf: text)
        (lineFeeds, returns) = (0, 0)
    }

    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
}
