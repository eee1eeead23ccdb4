import FlowmancerCore
import FlowmancerNotifications
import OrderedCollections
import Testing

/// What is found in the parameters before a job runs.
@Suite struct CheckTests {
    private typealias Parameters = OrderedDictionary<String, ParameterValue>

    private static let mail: OrderedDictionary<String, ParameterValue> = [
        "recipient": "a@example.org", "smtp_host": "mail", "sender_user": "flow", "sender_host": "example.org",
    ]

    private func mailIssues(_ changes: Parameters) -> [String] {
        let parameters = Self.mail.merging(changes) { _, new in new }
        let job = JobDefinition(name: "j")
        return EmailNotification.issues(with: parameters, at: ParameterPath(), in: job).map(\.description)
    }

    @Test(
        arguments: [
            [:], ["recipient": ["a@x", "b@x"]], ["smtp_port": 65535],
            ["security": "tls", "user": "u", "password": "p"],
        ] as [OrderedDictionary<String, ParameterValue>]
    )
    func whatCanBeSentIsFine(changes: OrderedDictionary<String, ParameterValue>) {
        #expect(mailIssues(changes) == [])
    }

    @Test(
        arguments: [
            (
                ["recipient": ["a@x", "Bob <b@x.org>"]],
                "error: recipient[1]: expected a mail address such as me@example.org, without a name, found the text "
                    + "\"Bob <b@x.org>\""
            ),
            (
                ["recipient": "a@b@c"],
                "error: recipient: expected a mail address such as me@example.org, without a name, found the text \"a@b@c\""
            ),
            (["recipient": []], "error: recipient: it is empty; expected a mail address, or a list of them"),
            (["smtp_host": ""], "error: smtp_host: it is empty; expected the host name of the mail server"),
            (["smtp_port": 0], "error: smtp_port: expected a port from 1 to 65535, found the number 0"),
            (
                ["sender_user": "a b"],
                "error: sender_user: expected the part of a mail address before the @, found the text \"a b\""
            ),
            (
                ["sender_host": "x>"],
                "error: sender_host: expected the part of a mail address after the @, found the text \"x>\""
            ),
            (["user": "u"], "error: user: set both 'user' and 'password', or neither"),
            (["password": "p"], "error: password: set both 'user' and 'password', or neither"),
            (
                ["user": "u", "password": "p"],
                "error: user: the password would be sent in plain text; set 'security' to starttls or tls"
            ),
        ] as [(OrderedDictionary<String, ParameterValue>, String)]
    )
    func whatKeepsMailFromBeingSentIsAnErrorOfTheJob(
        changes: OrderedDictionary<String, ParameterValue>,
        expected: String
    ) {
        #expect(mailIssues(changes) == [expected])
    }

    @Test(
        arguments: [
            (
                ["headers": ["a b": "hunter2"]],
                "error: headers: the name of header 1 is invalid; use letters, digits and hyphens"
            ),
            (
                ["headers": ["A": "b", "X": "hunter2\r\nB: c"]],
                "error: headers: the value of header 2 contains a line feed or another control character"
            ),
            (
                ["authorization": "hunter2\n"],
                "error: authorization: it contains a line feed or another control character, which headers cannot contain"
            ),
        ] as [(OrderedDictionary<String, ParameterValue>, String)]
    )
    func headersThatNoRequestCanHaveAreAnErrorOfTheJob(
        parameters: OrderedDictionary<String, ParameterValue>,
        expected: String
    ) {
        let issues = WebhookNotification.issues(with: parameters, at: ParameterPath(), in: JobDefinition(name: "j"))
        #expect(issues.map(\.description) == [expected])
    }

    @Test func otherHeadersAreFine() {
        let parameters: Parameters = [
            "headers": ["X-Key": "größe\t1", "x_y.z": ""], "authorization": "Bearer x", "content_type": "text/plain",
        ]
        let job = JobDefinition(name: "j")
        #expect(WebhookNotification.issues(with: parameters, at: ParameterPath(), in: job) == [])
    }
}
