package import FlowmancerCore
package import OrderedCollections

extension EmailNotification: JobCheckingPlugin {
    /// Finds mistakes that would make every message fail, before the job runs.
    package static func issues(
        with parameters: OrderedDictionary<String, ParameterValue>,
        at path: ParameterPath,
        in job: JobDefinition
    ) -> [JobIssue] {
        // What does not fit its type is found without this.
        var others: [JobIssue] = []
        let mail = ParameterBinder.make(Self.self, from: parameters, at: path, issues: &others)
        guard others.isEmpty else { return [] }
        return mail.recipientIssues(at: path.appending("recipient"), isList: parameters["recipient"]?.isList ?? false)
            + mail.senderIssues(at: path) + mail.serverIssues(at: path)
    }

    private static let addressExpectation = "a mail address such as me@example.org, without a name"

    private func recipientIssues(at path: ParameterPath, isList: Bool) -> [JobIssue] {
        guard !recipient.values.isEmpty else {
            return [JobIssue(.empty(expected: "a mail address, or a list of them"), at: path)]
        }
        return recipient.values.enumerated().compactMap { index, text in
            guard MailAddress(text) == nil else { return nil }
            let found = ParameterValue.string(text).description
            let place = isList ? path.appending(index) : path
            return JobIssue(.wrongValue(expected: Self.addressExpectation, found: found), at: place)
        }
    }

    private func senderIssues(at path: ParameterPath) -> [JobIssue] {
        guard MailAddress("\(senderUser)@\(senderHost)") == nil else { return [] }
        let isUserWrong = MailAddress("\(senderUser)@example.org") == nil
        let (key, text) = isUserWrong ? ("sender_user", senderUser) : ("sender_host", senderHost)
        let expected = "the part of a mail address \(isUserWrong ? "before" : "after") the @"
        let found = ParameterValue.string(text).description
        return [JobIssue(.wrongValue(expected: expected, found: found), at: path.appending(key))]
    }

    private func serverIssues(at path: ParameterPath) -> [JobIssue] {
        var issues: [JobIssue] = []
        if smtpHost.isEmpty {
            let problem = JobIssue.Problem.empty(expected: "the host name of the mail server")
            issues.append(JobIssue(problem, at: path.appending("smtp_host")))
        }
        if smtpPort == 0 {
            let problem = JobIssue.Problem.wrongValue(expected: "a port from 1 to 65535", found: "the number 0")
            issues.append(JobIssue(problem, at: path.appending("smtp_port")))
        }
        do throws(NotificationError) {
            _ = try credentials()
        } catch {
            let key = user == nil ? "password" : "user"
            issues.append(JobIssue(.rejectedValue(reason: error.description), at: path.appending(key)))
        }
        return issues
    }
}

extension ParameterValue {
    fileprivate var isList: Bool { if case .array = self { true } else { false } }
}
