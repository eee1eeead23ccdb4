public import FlowmancerCore
package import FlowmancerHTTP

/// Sends messages about a run to a Slack channel through an incoming webhook.
///
/// ```yaml
/// extensions:
///   slack:
///     extension: SlackWebhookNotification
///     parameters:
///       webhook: $ENV{SLACK_WEBHOOK}
///       notify_on_create: false
/// ```
public struct SlackWebhookNotification: RunNotification {
    public static let abstract = "Sends a message about the run to Slack."

    @Parameter(.secret, "The URL of the webhook.")
    package var webhook: HTTPAddress
    /// A PEM file with additional certificate authorities to trust.
    @Parameter("A PEM file with additional certificate authorities to trust.")
    public var caFile: String?

    /// When messages are sent.
    @Flattened public var moments: NotificationMoments

    /// The state of the run, for the text of messages.
    public let record = RunRecord()

    /// Creates a notification without a webhook.
    public init() {}

    /// Sends a message to the channel.
    public func send(_ message: NotificationMessage) async throws {
        let request = HTTPMessage(
            url: webhook,
            contentType: "application/json",
            body: Self.payload(message)
        )
        let sender = HTTPSender(authorities: caFile, masking: runInfo.mask)
        try await sender.send(request, within: sendingLimit, advice: "check 'webhook'")
    }

    /// The most characters that Slack shows of an attachment without folding most of it away.
    private static let maximumLength = 3_000

    /// Returns the message as Slack expects it: `&`, `<` and `>` would mean something there.
    package static func payload(_ message: NotificationMessage) -> String {
        func quoted(_ text: String) -> String {
            "\"\(JSONString.escaped(withoutMarkUp(text)))\""
        }
        let title = quoted(message.title)
        let text = quoted(message.text(maximumLength: maximumLength))
        let attachment = #"{"color":"\#(colour(message.moment))","fallback":\#(title),"text":\#(text),"mrkdwn_in":[]}"#
        return #"{"text":\#(title),"attachments":[\#(attachment)]}"#
    }

    private static func withoutMarkUp(_ text: String) -> String {
        text.replacingScalars { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            default: nil
            }
        }
    }

    private static func colour(_ moment: NotificationMoment) -> String {
        switch moment {
        case .started: "#439FE0"
        case .succeeded: "good"
        case .failed: "danger"
        case .aborted: "warning"
        }
    }
}
