import FlowmancerCore
import Hummingbird
import NIOCore

/// Why a request is not answered as it wants: problem details as of RFC 9457.
struct Problem: Error, Hashable {
    var status: HTTPResponse.Status
    /// What was found, what was expected, and what to do.
    var detail: String
    /// What is wrong with a job that was to be started.
    var issues: [Issue] = []
    /// What the answer says in its headers besides.
    var headers: HTTPFields = [:]

    /// Something that is wrong or doubtful in a job file.
    struct Issue: Hashable {
        var severity: String
        var message: String
        var file: String?
        var line: Int?
        var column: Int?
    }

    init(_ status: HTTPResponse.Status, _ detail: String, issues: [Issue] = [], headers: HTTPFields = [:]) {
        self.status = status
        self.detail = detail
        self.issues = issues
        self.headers = headers
    }

    var json: JSONText {
        var members = JSONMembers()
        members.add("type", "about:blank")
        members.add("title", status.reasonPhrase)
        members.add("status", status.code)
        members.add("detail", detail)
        if !issues.isEmpty { members.add("issues", issues) { issue, members in members.object(issue.add) } }
        return members.json
    }

    var response: Response {
        var headers = headers
        headers[.contentType] = "application/problem+json"
        headers[.cacheControl] = "no-store"
        return Response(status: status, headers: headers, body: ResponseBody(json))
    }
}

extension Problem.Issue {
    init(_ issue: JobIssue) {
        severity = issue.severity == .error ? "error" : "warning"
        message = issue.message
        file = issue.location?.file
        line = issue.location?.line
        column = issue.location?.column
    }

    /// Writes the issue as members of a JSON object.
    func add(to members: inout JSONMembers) {
        members.add("severity", severity)
        members.add("message", message)
        members.add("file", file)
        if let line { members.add("line", line) }
        if let column { members.add("column", column) }
    }
}

extension ResponseBody {
    init(_ json: JSONText) {
        self.init(byteBuffer: ByteBuffer(string: json.rawValue))
    }
}
