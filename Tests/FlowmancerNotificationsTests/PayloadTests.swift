import FlowmancerCore
import Foundation
import FlowmancerNotifications
import OrderedCollections
import Testing

@Suite struct PayloadTests {
    private func failedRun() -> NotificationMessage {
        var fixture = Fixture()
        fixture.log("t<1>", "a && b > \"c\" \\ d")
        fixture.move("t<1>", to: .failed)
        return fixture.message(.failed, after: 90)
    }

    private func object(_ text: String) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], "\(text)")
    }

    @Test func slackGetsAnAttachmentWithoutMarkUp() throws {
        let payload = try object(SlackWebhookNotification.payload(failedRun()))
        #expect(payload["text"] as? String == "nightly failed on web1: 1 of 3 tasks failed")
        let attachment = try #require((payload["attachments"] as? [[String: Any]])?.first)
        let text = try #require(attachment["text"] as? String)
        #expect(text.contains("Failed: t&lt;1&gt; (attempt 1)"))
        #expect(text.contains("a &amp;&amp; b &gt; \"c\" \\ d"))
        #expect(attachment["color"] as? String == "danger")
    }

    /// A `<` with an overlay is another character than a `<`.
    @Test func everyScalarThatSlackKnowsIsEscaped() throws {
        var fixture = Fixture()
        fixture.log("t", "<\u{338}!channel>\u{301} &\u{301}")
        fixture.move("t", to: .failed)
        let payload = SlackWebhookNotification.payload(fixture.message(.failed))
        #expect(!payload.unicodeScalars.contains { "<>".unicodeScalars.contains($0) })
        let expected = Array("&lt;\u{338}!channel&gt;\u{301} &amp;\u{301}".utf8)
        #expect(payload.utf8.contains(expected))
    }

    @Test func pushoverGetsWhatItAllows() {
        var fixture = Fixture(tasks: 50)
        for number in 0..<50 {
            fixture.log("t\(number)", String(repeating: "x", count: 300))
            fixture.move("t\(number)", to: .failed)
        }
        let fields = Dictionary(uniqueKeysWithValues: PushoverNotification.fields(fixture.message(.failed)))
        #expect((fields["title"] ?? "").count <= 250)
        #expect((200...1_024).contains((fields["message"] ?? "").count))
    }

    // MARK: Templates

    @Test func theDefaultBodyHasEverything() throws {
        let body = try object(BodyTemplate.everything.fill(from: failedRun(), escaping: .json))
        #expect(Set(body.keys) == Set(BodyTemplate.Placeholder.allCases.map(\.rawValue)))
        #expect(body["job"] as? String == "nightly")
        #expect((body["run_id"] as? String).flatMap(RunID.init)?.date.timeIntervalSince1970 ?? 0 > 0)
        #expect(body["host"] as? String == "web1")
        #expect(body["state"] as? String == "failed")
        #expect(body["failed"] as? Int == 1)
        #expect(body["allowed_failures"] as? Int == 0)
        #expect(body["total"] as? Int == 3)
        #expect(body["duration_seconds"] as? Double == 90)
        #expect(body["failed_tasks"] as? String == "t<1>")
        #expect(body["started_at"] as? String == "2024-05-01T10:00:00Z")
        #expect(body["resume_command"] as? String == "cd /work && ./app -j job.yaml -r")
    }

    @Test func insertedTextCannotBreakTheBodyApart() throws {
        let template = try BodyTemplate(#"{"content": "{{ title }}\n{{text}}", "n": {{failed}}}"#)
        let body = try object(template.fill(from: failedRun(), escaping: .json))
        #expect((body["content"] as? String)?.contains("a && b > \"c\" \\ d") == true)
        #expect(body["n"] as? Int == 1)
        let form = try BodyTemplate("text={{failed_tasks}}&x=1").fill(from: failedRun(), escaping: .form)
        #expect(form == "text=t%3C1%3E&x=1")
        let plain = try BodyTemplate("{{job}} {{state}}").fill(from: failedRun(), escaping: .none)
        #expect(plain == "nightly failed")
    }

    @Test(arguments: [
        ("application/json", BodyTemplate.Escaping.json), ("application/vnd.x+JSON; charset=utf-8", .json),
        ("application/x-www-form-urlencoded", .form), ("text/plain", .none),
    ])
    func theContentTypeDecidesOnTheEscaping(type: String, expected: BodyTemplate.Escaping) {
        #expect(BodyTemplate.Escaping(contentType: type) == expected)
    }

    @Test(arguments: ["{}", "{{", "a }} b", #"{"a":{"b":1}}"#, "{{job}", ""])
    func otherBracesStandForThemselves(text: String) throws {
        #expect(try BodyTemplate(text).fill(from: failedRun(), escaping: .none) == text)
    }

    @Test func anUnknownPlaceholderIsAnErrorOfTheJob() {
        var issues: [JobIssue] = []
        _ = ParameterBinder.make(
            WebhookNotification.self,
            from: ["url": "https://example.org", "body": "{{titel}}"],
            at: ParameterPath(),
            issues: &issues
        )
        #expect(issues.count == 1)
        #expect(issues[0].description.contains("body: expected one of {{title}}, {{text}}"), "\(issues)")
        #expect(issues[0].description.contains("found the placeholder \"titel\"; did you mean 'title'?"), "\(issues)")
    }

    // MARK: Parameters

    @Test(arguments: ["SlackWebhookNotification", "PushoverNotification", "EmailNotification", "WebhookNotification"])
    func allMomentsAreToldUnlessTheJobSaysOtherwise(name: String) throws {
        let type: any RunNotification.Type =
            switch name {
            case "SlackWebhookNotification": SlackWebhookNotification.self
            case "PushoverNotification": PushoverNotification.self
            case "EmailNotification": EmailNotification.self
            default: WebhookNotification.self
            }
        let parameters = GroupDescription(of: type).parameters
        for key in ["notify_on_create", "notify_on_success", "notify_on_failure", "notify_on_abort"] {
            #expect(parameters.first { $0.key == key }?.defaultValue == true)
        }
        var issues: [JobIssue] = []
        let values: OrderedDictionary<String, ParameterValue> = ["notify_on_create": false, "notifyOnAbort": "no"]
        let moments = ParameterBinder.make(type, from: values, at: ParameterPath(), issues: &issues).moments
        #expect(!moments.notifyOnCreate && moments.notifyOnSuccess && moments.notifyOnFailure && !moments.notifyOnAbort)
    }

    @Test func whateverMayHoldAKeyOfAServiceIsSecret() {
        let parameters = GroupDescription(of: WebhookNotification.self).parameters
        #expect(Set(parameters.filter(\.isSecret).map(\.key)) == ["url", "headers", "authorization"])
    }

    @Test func theParametersAreThoseOfTheOriginal() {
        func keys(_ group: any ParameterGroup) -> [String] { ParameterBinder.parameters(of: group).map(\.key) }
        #expect(keys(SlackWebhookNotification()).contains("webhook"))
        #expect(Set(keys(PushoverNotification())).isSuperset(of: ["app_token", "user_key", "api_url"]))
        let mail: Set = [
            "recipient", "smtp_host", "smtp_port", "sender_user", "sender_host", "security", "user", "password",
        ]
        #expect(Set(keys(EmailNotification())).isSuperset(of: mail))
    }
}
