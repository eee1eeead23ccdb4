import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// An HTTP server on this machine that keeps what it is sent, and answers as a test wants.
package final class HTTPSink: Sendable {
    /// A request that was received whole.
    package struct Request: Sendable {
        package var method: String
        package var path: String
        package var headers: [String: String]
        package var body: String
    }

    /// What the server does about a request.
    package enum Answer: Sendable {
        case status(Int, headers: [String: String] = [:], body: String = "")
        /// A status, and of the body nothing; the connection stays open.
        case statusWithoutEnd(Int)
        /// Nothing, and the connection stays open.
        case silence
        /// The connection is closed.
        case hangUp
    }

    /// The files of a server's certificate.
    package struct Identity: Sendable {
        var certificate: String
        var key: String

        package init(certificate: String, key: String) {
            self.certificate = certificate
            self.key = key
        }
    }

    private let log: Log
    private let channel: any Channel
    private let scheme: String

    /// The port that the server listens on.
    package let port: Int

    /// Starts a server.
    ///
    /// - Parameters:
    ///   - identity: What the server shows of itself; without it, connections are not encrypted.
    ///   - answer: Returns what to do about the request of a number, from 1.
    package init(
        identity: Identity? = nil,
        _ answer: @escaping @Sendable (_ number: Int) -> Answer = { _ in .status(200) }
    ) async throws {
        let log = Log()
        self.log = log
        scheme = identity == nil ? "http" : "https"
        let tls = try identity.map { try Self.context($0) }
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 16)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler { answer(log.add($0)) })
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    /// What was received until now.
    package var requests: [Request] { log.requests }

    /// The URL of a path of the server.
    package func url(_ path: String = "/") -> String { "\(scheme)://127.0.0.1:\(port)\(path)" }

    private static func context(_ identity: Identity) throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMFile(identity.certificate).map(NIOSSLCertificateSource.certificate)
        let key = try NIOSSLPrivateKey(file: identity.key, format: .pem)
        return try NIOSSLContext(
            configuration: .makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key))
        )
    }

    /// Starts a server of something else: whatever it is sent, it says a text.
    package init(saying text: String) async throws {
        log = Log()
        scheme = "http"
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Speaker(text: text))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    private final class Speaker: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let text: String

        init(text: String) {
            self.text = text
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(string: text)), promise: nil)
        }
    }

    /// Stops listening.
    package func stop() async throws {
        try await channel.close()
    }

    private final class Log: Sendable {
        private let contents = Mutex<[Request]>([])

        var requests: [Request] { contents.withLock { $0 } }

        /// - Returns: The number of the request.
        func add(_ request: Request) -> Int {
            contents.withLock { contents in
                contents.append(request)
                return contents.count
            }
        }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let answer: @Sendable (Request) -> Answer
        private var request: Request?

        init(_ answer: @escaping @Sendable (Request) -> Answer) {
            self.answer = answer
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                let headers = head.headers.map { ($0.name.lowercased(), $0.value) }
                request = Request(
                    method: head.method.rawValue,
                    path: head.uri,
                    headers: Dictionary(headers, uniquingKeysWith: { first, _ in first }),
                    body: ""
                )
            case .body(let bytes):
                request?.body += String(buffer: bytes)
            case .end:
                if let request { perform(answer(request), context) }
                request = nil
            }
        }

        private func perform(_ answer: Answer, _ context: ChannelHandlerContext) {
            switch answer {
            case .silence: break
            case .hangUp: context.close(promise: nil)
            case .statusWithoutEnd(let code):
                var head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: code))
                head.headers.add(name: "Content-Length", value: "100")
                context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
            case .status(let code, let headers, let body):
                var head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: code))
                for (name, value) in headers { head.headers.add(name: name, value: value) }
                head.headers.replaceOrAdd(name: "Content-Length", value: "\(body.utf8.count)")
                context.write(wrapOutboundOut(.head(head)), promise: nil)
                let bytes = context.channel.allocator.buffer(string: body)
                context.write(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }
    }
}
