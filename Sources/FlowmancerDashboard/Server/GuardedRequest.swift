import FlowmancerCore
import Hummingbird

/// What of a request decides whether it may be answered.
struct GuardedRequest {
    let facts: RequestGuard.Request

    init(_ request: Request, _ endpoint: Endpoint) {
        facts = RequestGuard.Request(
            host: request.head.authority,
            origin: request.headers[.origin],
            contentType: request.headers[.contentType],
            authorization: request.headers[.authorization],
            cookies: request.headers[values: .cookie],
            token: endpoint.isPage ? Self.token(in: request.head.path ?? "") : nil
        )
    }

    private static func token(in path: String) -> String? {
        guard let query = path.split(separator: "?", maxSplits: 1).dropFirst().first else { return nil }
        for part in query.split(separator: "&") where part.hasPrefix("token=") {
            return PercentEncoding.decode(part.dropFirst(6))
        }
        return nil
    }
}
