import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Sends requests within a limit of time, several times if need be.
package struct HTTPSender: Sendable {
    /// How long a request may take in all, with everything that is sent again.
    package static let limit: Duration = .seconds(10)

    /// A file with certificates of authorities that are trusted beside those of the system.
    private let authorities: String?
    /// Masks secrets in what servers say.
    private let mask: @Sendable (String) -> String
    private let policy: DeliveryPolicy
    private let jitter: @Sendable () -> Double
    private let pause: @Sendable (Duration) async throws -> Void

    /// Creates a sender.
    ///
    /// - Parameters:
    ///   - authorities: A file with certificates of authorities that are trusted beside those of the system.
    ///   - mask: Masks secrets in what servers say.
    package init(authorities: String? = nil, masking mask: @escaping @Sendable (String) -> String) {
        self.init(
            authorities: authorities,
            masking: mask,
            policy: DeliveryPolicy(),
            jitter: { .random(in: 0...1) },
            pause: { try await Task.sleep(for: $0) }
        )
    }

    init(
        authorities: String? = nil,
        masking mask: @escaping @Sendable (String) -> String = { $0 },
        policy: DeliveryPolicy,
        jitter: @escaping @Sendable () -> Double,
        pause: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.authorities = authorities
        self.mask = mask
        self.policy = policy
        self.jitter = jitter
        self.pause = pause
    }

    /// Sends a request until it has success, or it makes no sense to go on.
    ///
    /// - Parameters:
    ///   - message: The request.
    ///   - limit: How long it may take in all.
    ///   - advice: What to do if the server does not take it: "check 'webhook'".
    ///   - readsAnswer: Whether more matters than the status of an answer.
    /// - Returns: What the server said, if that matters and came in time.
    /// - Throws: ``HTTPDeliveryError``, or `CancellationError`.
    @discardableResult
    package func send(
        _ message: HTTPMessage,
        within limit: Duration = limit,
        advice: String,
        readsAnswer: Bool = false
    ) async throws -> String {
        let deadline = ContinuousClock.now + limit
        var attempt = 1
        while true {
            let outcome = await perform(message, readsAnswer: readsAnswer, until: deadline, limit)
            if case .answer(_, _, let detail) = outcome, outcome.isSuccess { return detail }
            try Task.checkCancellation()
            let remaining = ContinuousClock.now.duration(to: deadline)
            guard
                let length = policy.pause(after: outcome, attempt: attempt, remaining: remaining, jitter: jitter())
            else {
                throw HTTPDeliveryError(host: message.url.host, outcome: outcome, attempts: attempt, advice: advice)
            }
            try await pause(length)
            attempt += 1
        }
    }

    // MARK: One attempt

    /// Never shut down, they live as long as the process: one for the authorities of the system, and one for every file.
    private static let clients = Mutex<[String?: HTTPClient]>([:])

    private static func client(trusting file: String?) throws(AuthorityFile.Failure) -> HTTPClient {
        try clients.withLock { clients throws(AuthorityFile.Failure) in
            if let client = clients[file] { return client }
            let client = try makeClient(trusting: file)
            clients[file] = client
            return client
        }
    }

    private static func makeClient(trusting file: String?) throws(AuthorityFile.Failure) -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        configuration.tlsConfiguration = try AuthorityFile.configuration(trusting: file)
        // Where a request with a secret goes is for the job file to say, and a POST would become a GET.
        configuration.redirectConfiguration = .disallow
        // What is sent again is decided here.
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
    }

    /// How long it is waited for what an answer says beside its status.
    private static let detailLimit: Duration = .seconds(1)

    private func perform(
        _ message: HTTPMessage,
        readsAnswer: Bool,
        until deadline: ContinuousClock.Instant,
        _ limit: Duration
    ) async -> HTTPOutcome {
        var request = HTTPClientRequest(url: message.url.text)
        request.method = HTTPMethod(rawValue: message.method)
        request.headers = HTTPHeaders(message.headers.map { ($0.name, $0.value) })
        if !request.headers.contains(name: "User-Agent") {
            request.headers.add(name: "User-Agent", value: "flowmancer")
        }
        request.body = .bytes(message.body)
        let remaining = max(.zero, ContinuousClock.now.duration(to: deadline))
        do {
            let client = try Self.client(trusting: authorities)
            let response = try await client.execute(request, deadline: .now() + TimeAmount(remaining))
            let left = max(.zero, ContinuousClock.now.duration(to: deadline))
            let isSuccess = response.status.code < 300
            let isRead = readsAnswer || !isSuccess
            let detail = isRead ? await detail(of: response, within: min(left, Self.detailLimit)) : ""
            return .answer(
                status: Int(response.status.code),
                retryAfter: response.headers.first(name: "Retry-After")
                    .flatMap { RetryAfter.duration($0, now: Date()) },
                detail: isSuccess ? detail : quoted(detail, message.url)
            )
        } catch {
            return Self.outcome(of: error, limit)
        }
    }

    /// As much of an answer as is shown.
    private static let shownLength = 200

    /// Returns the beginning of an answer.
    ///
    /// Secrets are masked first: neither a part of one nor one with escaped characters would be recognised.
    private func quoted(_ answer: String, _ url: HTTPAddress) -> String {
        let line = mask(answer).split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        return url.isRevealed(by: line) ? "" : String(line.printable.prefix(Self.shownLength))
    }

    /// Returns what an answer says; nothing if it does not come in time, since the status says what matters.
    private func detail(of response: HTTPClientResponse, within limit: Duration) async -> String {
        let body = response.body
        let bytes: ByteBuffer? = await withTaskGroup(of: ByteBuffer?.self) { group in
            group.addTask { try? await body.collect(upTo: 64 << 10) }
            group.addTask {
                try? await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
        return bytes.map { String(buffer: $0) } ?? ""
    }

    private static func outcome(of error: any Error, _ limit: Duration) -> HTTPOutcome {
        switch error {
        case let error as AuthorityFile.Failure: .noAuthorities(error)
        case let error as HTTPClientError where error == .deadlineExceeded: .timeout(limit)
        case let error as HTTPClientError where error.isAboutRequest:
            .invalidRequest(reason: error.shortDescription.lowercased())
        // The end of a connection within an answer is no fault of the answer.
        case let error as HTTPParserError where error != .invalidEOFState: .noHTTP
        case let error as HTTPClientError: .noConnection(reason: error.shortDescription.lowercased())
        default:
            if let failure = EncryptionFailure(error) {
                .noEncryption(failure)
            } else {
                .noConnection(reason: ConnectionFailure.text(of: error))
            }
        }
    }
}

extension HTTPClientError {
    /// Whether the same request would never be sent.
    fileprivate var isAboutRequest: Bool {
        let wordings = [
            Self.invalidURL, .emptyHost, .emptyScheme, .unsupportedScheme(""), .invalidHeaderFieldNames([]),
            .invalidHeaderFieldValues([]), .traceRequestWithBody,
        ]
        return wordings.contains { $0.shortDescription == shortDescription }
    }
}
