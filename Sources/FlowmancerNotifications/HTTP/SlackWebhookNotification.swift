public import FlowmancerCore
package import FlowmancerHTTP

/// Tells a Slack channel, through an incoming webhook, how a run goes.
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
    /// A file with certificates of authorities that are trusted beside those of the system.
    @Parameter("A PEM file with certificates of authorities that are trusted beside those of the system.")
    public var caFile: String?

    /// Whether the channel is told that the run begins.
    @Parameter("Whether to tell that the job starts.")
    public var notifyOnCreate = true
    /// Whether the channel is told that the run succeeded.
    @Parameter("Whether to tell that the job succeeded.")
    public var notifyOnSuccess = true
    /// Whether the channel is told that the run failed.
    @Parameter("Whether to tell that the job failed.")
    public var notifyOnFailure = true
    /// Whether the channel is told that the run was aborted.
    @Parameter("Whether to tell that the job was aborted.")
    public var notifyOnAbort = true

    /// What is remembered of the run.
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

    /// By scalars: a `<` that an accent follows is another character, but means the same.
    private static func withoutMarkUp(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            default: result.unicodeScalars.append(scalar)
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
