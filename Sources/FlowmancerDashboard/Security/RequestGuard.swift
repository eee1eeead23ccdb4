import FlowmancerCore
import HTTPTypes

/// Decides whether a request may be answered. A pure value.
///
/// Three things keep other pages in the same browser out: a cookie that a browser sends only with requests of the page
/// itself (`SameSite=Strict`), the `Host` header, which must name this server (a name of the attacker's that resolves to this
/// machine does not), and the `Origin` header, which must be that host.
struct RequestGuard: Sendable {
    /// The names under which the server can be reached, in lower case.
    let hosts: Set<String>
    let tokens: AccessTokens
    /// The name of the cookie: servers on different ports of a host share its cookies.
    let cookie: String
    /// Whether browsers reach the server by TLS only.
    let isSecure: Bool

    /// What is looked at in a request.
    struct Request {
        var host: String?
        var origin: String?
        var contentType: String?
        var authorization: String?
        var cookies: [String] = []
        /// The token in the address.
        var token: String?
    }

    /// What becomes of a request.
    enum Decision: Hashable {
        case answer(Access)
        /// The token in the address becomes a cookie.
        case setCookie(String)
        case refuse(Problem)
    }

    func decide(_ request: Request, for endpoint: Endpoint) -> Decision {
        guard let host = request.host, hosts.contains(Self.name(of: host)) else {
            return .refuse(
                Problem(
                    .misdirectedRequest,
                    "this server is not '\((request.host ?? "").printable)'; start it with --host to give it that name"
                )
            )
        }
        if let origin = request.origin, Self.host(ofOrigin: origin) != host.lowercased() {
            return .refuse(Problem(.forbidden, "another page ('\(origin.printable)') may not use this server"))
        }
        if endpoint.isPage, let token = request.token {
            return tokens.access(of: token) == nil ? .refuse(Self.wrongToken) : .setCookie(value(ofCookie: token))
        }
        let (given, isProgram) = given(request)
        guard let access = given.flatMap(tokens.access) else {
            return .refuse(given == nil ? Self.noToken : Self.wrongToken)
        }
        guard endpoint.acts else { return .answer(access) }
        guard access == .full else {
            return .refuse(Problem(.forbidden, "this token is for looking only; use the link that may start and abort"))
        }
        // A browser names the origin of whatever is not a GET.
        guard isProgram || request.origin != nil else {
            return .refuse(Problem(.forbidden, "a request with a cookie needs the header Origin"))
        }
        let type = request.contentType?.split(separator: ";").first.map { $0.lowercased().trimmed } ?? ""
        guard type == "application/json" else {
            return .refuse(
                Problem(.unsupportedMediaType, "the content type must be application/json, found '\(type.printable)'")
            )
        }
        return .answer(access)
    }

    /// The token that a request brings along, and whether it is one of a program.
    private func given(_ request: Request) -> (token: String?, isProgram: Bool) {
        if let authorization = request.authorization {
            let parts = authorization.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "bearer" else { return ("", true) }
            return (String(parts[1]).trimmed, true)
        }
        for header in request.cookies {
            for pair in header.split(separator: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1)
                if parts.count == 2, String(parts[0]).trimmed == cookie { return (String(parts[1]).trimmed, false) }
            }
        }
        return (nil, false)
    }

    private func value(ofCookie token: String) -> String {
        "\(cookie)=\(token); Path=/; HttpOnly; SameSite=Strict\(isSecure ? "; Secure" : "")"
    }

    private static let noToken = Problem(
        .unauthorized,
        "a token is needed: open the link that the server printed, or send the header 'Authorization: Bearer TOKEN'",
        headers: [.wwwAuthenticate: "Bearer"]
    )

    private static let wrongToken = Problem(
        .unauthorized,
        "this token is not, or no longer, valid: open the link that the server printed when it was started last",
        headers: [.wwwAuthenticate: "Bearer error=\"invalid_token\""]
    )

    /// The name in a `Host` header, without the port: a port that is forwarded may have another number.
    static func name(of host: String) -> String {
        let host = host.lowercased()
        if host.hasPrefix("[") { return host.firstIndex(of: "]").map { String(host[...$0]) } ?? host }
        return host.lastIndex(of: ":").map { String(host[..<$0]) } ?? host
    }

    /// The host and port of an origin; `nil` for one that has none, such as `null`.
    private static func host(ofOrigin origin: String) -> String? {
        for scheme in ["http://", "https://"] where origin.lowercased().hasPrefix(scheme) {
            return origin.dropFirst(scheme.count).lowercased()
        }
        return nil
    }
}

extension String {
    /// Without blanks at its ends.
    fileprivate var trimmed: String {
        var text = self[...]
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return String(text)
    }
}
