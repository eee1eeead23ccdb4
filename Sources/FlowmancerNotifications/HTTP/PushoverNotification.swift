public import FlowmancerCore
package import FlowmancerHTTP

/// Sends messages about a run to the devices of a Pushover user or group.
///
/// ```yaml
/// extensions:
///   pushover:
///     extension: PushoverNotification
///     parameters:
///       app_token: $ENV{PUSHOVER_TOKEN}
///       user_key: $ENV{PUSHOVER_USER}
/// ```
public struct PushoverNotification: RunNotification {
    public static let abstract = "Sends a push notification about the run through Pushover."

    @Parameter(.secret, "The API token of the application.")
    package var appToken: String
    @Parameter(.secret, "The key of the user or group.")
    package var userKey: String
    @Parameter("The URL of the service.")
    package var apiURL = HTTPAddress("https://api.pushover.net/1/messages.json")!
    /// A PEM file with additional certificate authorities to trust.
    @Parameter("A PEM file with additional certificate authorities to trust.")
    public var caFile: String?

    /// When messages are sent.
    @Flattened public var moments: NotificationMoments

    /// The state of the run, for the text of messages.
    public let record = RunRecord()

    /// Creates a notification without a token and a user.
    public init() {}

    /// Sends a message to the devices.
    public func send(_ message: NotificationMessage) async throws {
        let fields = [("token", appToken), ("user", userKey)] + Self.fields(message)
        let request = HTTPMessage(
            url: apiURL,
            contentType: "application/x-www-form-urlencoded",
            body: FormEncoding.encode(fields)
        )
        let sender = HTTPSender(authorities: caFile, masking: runInfo.mask)
        try await sender.send(request, within: sendingLimit, advice: "check 'app_token' and 'user_key'")
    }

    /// Returns the message, shortened to the lengths that Pushover allows.
    package static func fields(_ message: NotificationMessage) -> [(String, String)] {
        [
            ("title", NotificationWording.cut(message.title, to: 250)),
            ("message", message.text(maximumLength: 1_024)),
        ]
    }
}
