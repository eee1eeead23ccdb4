public import FlowmancerCore
package import FlowmancerHTTP

/// Sends messages about a run to any service that accepts HTTP requests.
///
/// ```yaml
/// extensions:
///   chat:
///     extension: WebhookNotification
///     parameters:
///       url: $ENV{CHAT_URL}
///       body: '{"content": "{{title}}\n{{text}}"}'
/// ```
/// The `body` can contain these placeholders: `{{title}}`, `{{text}}`, `{{job}}`, `{{run_id}}`, `{{host}}`, `{{state}}`
/// (`started`, `succeeded`, `failed` or `aborted`), `{{started_at}}`, `{{duration_seconds}}`, `{{total}}`, `{{completed}}`,
/// `{{skipped}}`, `{{failed}}`, `{{allowed_failures}}`, `{{defaulted}}`, `{{aborted}}`, `{{failed_tasks}}`,
/// `{{failed_groups}}` (`load: 3 of 100`) and `{{resume_command}}`. Their values are escaped for the content type. The default body is a JSON object with all of them.
/// `{{failed}}` and `{{failed_tasks}}` leave out the tasks that may fail.
public struct WebhookNotification: RunNotification {
    public static let abstract = "Sends a JSON message about the run to a URL."

    @Parameter(.secret, "The URL of the service.")
    package var url: HTTPAddress
    @Parameter("The method: POST, PUT, PATCH or GET.")
    package var method = Method.post
    @Parameter(.secret, "Additional headers by name, for example with an API key.")
    package var headers: [String: String] = [:]
    @Parameter(.secret, "The value of the header Authorization.")
    package var authorization: String?
    @Parameter("The content type of the body.")
    package var contentType = "application/json"
    @Parameter("The body. Placeholders such as {{title}} are replaced.")
    package var body = BodyTemplate.everything
    /// A PEM file with additional certificate authorities to trust.
    @Parameter("A PEM file with additional certificate authorities to trust.")
    public var caFile: String?

    /// When messages are sent.
    @Flattened public var moments: NotificationMoments

    package enum Method: String, Sendable, CaseIterable {
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case get = "GET"
    }

    /// The state of the run, for the text of messages.
    public let record = RunRecord()

    /// Creates a notification without a URL.
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
