/// A request that a plug-in sends, of whose answer only the status matters.
package struct HTTPMessage: Sendable {
    /// The method: `POST`.
    package var method: String
    package var url: HTTPAddress
    /// The headers, in order.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package init(
        method: String = "POST",
        url: HTTPAddress,
        headers: [(name: String, value: String)] = [],
        body: [UInt8]
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }

    package init(
        method: String = "POST",
        url: HTTPAddress,
        contentType: String,
        headers: [(name: String, value: String)] = [],
        body: String
    ) {
        let headers = [(name: "Content-Type", value: contentType)] + headers
        self.init(method: method, url: url, headers: headers, body: Array(body.utf8))
    }
}
