public import FlowmancerCore
package import FlowmancerHTTP

/// Tells any service that takes HTTP requests how a run goes.
///
/// ```yaml
/// extensions:
///   chat:
///     extension: WebhookNotification
///     parameters:
///       url: $ENV{CHAT_URL}
///       body: '{"content": "{{title}}\n{{text}}"}'
/// ```
/// In `body`, `{{…}}` stands for what is to be told: `title`, `text`, `job`, `host`, `state` (`started`, `succeeded`, `failed` or `aborted`), `started_at`,
/// `duration_seconds`, `total`, `completed`, `skipped`, `failed`, `defaulted`, `aborted`, `failed_tasks` and `resume_command`. What is
/// inserted is escaped as the content type demands. Without a `body`, all of them are sent as one JSON object.
public struct WebhookNotification: RunNotification {
    @Parameter(.secret, "The URL of the service.")
    package var url: HTTPAddress
    @Parameter("The method: POST, PUT, PATCH or GET.")
    package var method = Method.post
    @Parameter(.secret, "Headers to send, by name, such as the key of an account.")
    package var headers: [String: String] = [:]
    @Parameter(.secret, "The value of the header Authorization.")
    package var authorization: String?
    @Parameter("The content type of the body.")
    package var contentType = "application/json"
    @Parameter("The body, in which {{title}} and the like stand for what is to be told.")
    package var body = BodyTemplate.everything
    /// A file with certificates of authorities that are trusted beside those of the system.
    @Parameter("A PEM file with certificates of authorities that are trusted beside those of the system.")
    public var caFile: String?

    /// When messages are sent.
    @Flattened public var moments: NotificationMoments

    package enum Method: String, Sendable, CaseIterable {
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case get = "GET"
    }

    /// What is remembered of the run.
    public let record = RunRecord()

    /// Creates a notification for no service.
    public init() {}

    /// Sends a message to the service.
    public func send(_ message: NotificationMessage) async throws {
        var fields = headers.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
        if let authorization {
            fields.removeAll { HTTPMessage.isSameName($0.name, "Authorization") }
            fields.append((name: "Authorization", value: authorization))
        }
        let contentType = fields.first { HTTPMessage.isSameName($0.name, "Content-Type") }?.value ?? contentType
        let text = body.fill(from: message, escaping: BodyTemplate.Escaping(contentType: contentType))
        let request = HTTPMessage(
            method: method.rawValue,
            url: url,
            contentType: contentType,
            headers: fields,
            body: method == .get ? "" : text
        )
        try await HTTPSender(authorities: caFile, masking: runInfo.mask).send(
            request,
            within: sendingLimit,
            advice: "check 'url', 'method', 'headers' and 'body'"
        )
    }
}
