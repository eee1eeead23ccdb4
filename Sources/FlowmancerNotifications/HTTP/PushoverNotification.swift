public import FlowmancerCore
package import FlowmancerHTTP

/// Tells the devices of a Pushover user, or group, how a run goes.
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
    @Parameter(.secret, "The token of the application.")
    package var appToken: String
    @Parameter(.secret, "The key of the user or group.")
    package var userKey: String
    @Parameter("The URL of the service.")
    package var apiURL = HTTPAddress("https://api.pushover.net/1/messages.json")!
    /// A file with certificates of authorities that are trusted beside those of the system.
    @Parameter("A PEM file with certificates of authorities that are trusted beside those of the system.")
    public var caFile: String?

    /// When messages are sent.
    @Flattened public var moments: NotificationMoments

    /// What is remembered of the run.
    public let record = RunRecord()

    /// Creates a notification for nobody.
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

    /// Returns the message within the lengths that Pushover allows.
    package static func fields(_ message: NotificationMessage) -> [(String, String)] {
        [
            ("title", NotificationWording.cut(message.title, to: 250)),
            ("message", message.text(maximumLength: 1_024)),
        ]
    }
}
