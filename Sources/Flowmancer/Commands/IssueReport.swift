import FlowmancerTerminal

/// Shows people what is wrong with a job.
enum IssueReport {
    /// The most issues that are shown: more would hide the first.
    private static let limit = 100

    static func show(_ issues: [JobIssue]) {
        for issue in issues.prefix(limit) { Console.standard.printError(issue.description) }
        if issues.count > limit { Console.standard.printError("… and \(issues.count - limit) more") }
    }
}
