/// A request that a plug-in sends, of whose answer only the status matters.
package struct HTTPMessage: Sendable {
    /// The method: `POST`.
    package var method: String
    package var url: HTTPAddress
    /// The headers, in order.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    /// - Parameters:
    ///   - contentType: The value of the header `Content-Type`, unless the headers have one.
    ///   - headers: The headers, in order.
    package init(
        method: String = "POST",
        url: HTTPAddress,
        contentType: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8]
    ) {
        self.method = method
        self.url = url
        let isGiven = headers.contains { Self.isSameName($0.name, "Content-Type") }
        self.headers = (isGiven ? [] : [(name: "Content-Type", value: contentType)]) + headers
        self.body = body
    }

    package init(
        method: String = "POST",
        url: HTTPAddress,
        contentType: String,
        headers: [(name: String, value: String)] = [],
        body: String
    ) {
        self.init(method: method, url: url, contentType: contentType, headers: headers, body: Array(body.utf8))
    }

    /// Whether two names are those of the same header.
    package static func isSameName(_ first: String, _ second: String) -> Bool {
        first.lowercased() == second.lowercased()
    }
}
