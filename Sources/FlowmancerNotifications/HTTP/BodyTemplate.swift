package import FlowmancerCore
import FoundationEssentials

/// A text with places for what is to be told of a run: `{"text": "{{title}}"}`.
package struct BodyTemplate: Sendable, Hashable {
    /// What a place stands for.
    package enum Placeholder: String, Sendable, Hashable, CaseIterable {
        case title, text, job
        case runID = "run_id"
        case host, state
        case startedAt = "started_at"
        case durationSeconds = "duration_seconds"
        case total, completed, skipped, failed
        case allowedFailures = "allowed_failures"
        case defaulted, aborted
        case failedTasks = "failed_tasks"
        case failedGroups = "failed_groups"
        case resumeCommand = "resume_command"
    }

    /// How inserted text is kept from changing the form of what is around it.
    package enum Escaping: Sendable, Hashable {
        case json, form, none

        package init(contentType: String) {
            let type = contentType.lowercased()
            self = type.contains("json") ? .json : type.contains("x-www-form-urlencoded") ? .form : .none
        }
    }

    private enum Piece: Sendable, Hashable {
        case literal(String)
        case placeholder(Placeholder)
    }

    private let pieces: [Piece]

    /// Every placeholder as a member of a JSON object; numbers without quotes.
    package static let everything: BodyTemplate = {
        let members = Placeholder.allCases.map { placeholder in
            let quote = placeholder.isNumber ? "" : "\""
            return "\"\(placeholder.rawValue)\":\(quote){{\(placeholder.rawValue)}}\(quote)"
        }
        return BodyTemplate(pieces: (try? parse("{\(members.joined(separator: ","))}").get()) ?? [])
    }()

    /// A name between braces that stands for nothing.
    package struct UnknownPlaceholder: Error, Hashable {
        package let name: String
    }

    /// Reads a template; braces that are not closed stand for themselves.
    package init(_ text: String) throws(UnknownPlaceholder) {
        pieces = try Self.parse(text).get()
    }

    private init(pieces: [Piece]) {
        self.pieces = pieces
    }

    /// The template as a job file has it.
    private var text: String {
        pieces.map { piece in
            switch piece {
            case .literal(let text): text
            case .placeholder(let placeholder): "{{\(placeholder.rawValue)}}"
            }
        }.joined()
    }

    private static func parse(_ text: String) -> Result<[Piece], UnknownPlaceholder> {
        var pieces: [Piece] = []
        var rest = Substring(text)
        while let start = rest.firstRange(of: "{{"),
            let end = rest[start.upperBound...].firstRange(of: "}}")
        {
            let name = String(rest[start.upperBound..<end.lowerBound]).filter { !$0.isWhitespace }
            guard let placeholder = Placeholder(rawValue: name) else { return .failure(UnknownPlaceholder(name: name)) }
            if start.lowerBound > rest.startIndex { pieces.append(.literal(String(rest[..<start.lowerBound]))) }
            pieces.append(.placeholder(placeholder))
            rest = rest[end.upperBound...]
        }
        if !rest.isEmpty { pieces.append(.literal(String(rest))) }
        return .success(pieces)
    }

    /// Returns the text with everything inserted.
    package func fill(from message: NotificationMessage, escaping: Escaping) -> String {
        pieces.map { piece in
            switch piece {
            case .literal(let text): text
            case .placeholder(let placeholder): escaping.apply(to: placeholder.value(in: message))
            }
        }.joined()
    }
}

extension BodyTemplate: CustomParameter {
    package static var expectation: String { "text with placeholders such as {{title}}" }

    package static var typeDescription: TypeDescription { .text }

    package var describedValue: ParameterValue? { .string(text) }

    package static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Self? {
        guard case .string(let text) = value else {
            issues.append(JobIssue(.wrongValue(expected: expectation, found: value.description), at: path))
            return nil
        }
        do throws(UnknownPlaceholder) {
            return try BodyTemplate(text)
        } catch {
            let known = Placeholder.allCases.map(\.rawValue)
            let expected = "one of {{\(known.joined(separator: "}}, {{"))}}"
            let found = "the placeholder \"\(error.name)\""
            issues.append(JobIssue(.wrongValue(expected: expected, found: found, candidates: known), at: path))
            return nil
        }
    }
}

extension BodyTemplate.Escaping {
    fileprivate func apply(to text: String) -> String {
        switch self {
        case .json: JSONString.escaped(text)
        case .form: FormEncoding.encode(text)
        case .none: text
        }
    }
}

extension BodyTemplate.Placeholder {
    fileprivate var isNumber: Bool {
        switch self {
        case .durationSeconds, .total, .completed, .skipped, .failed, .allowedFailures, .defaulted, .aborted: true
        case .title, .text, .job, .runID, .host, .state, .startedAt, .failedTasks, .failedGroups, .resumeCommand: false
        }
    }

    fileprivate func value(in message: NotificationMessage) -> String {
        let summary = message.wording.summary
        return switch self {
        case .title: message.title
        case .text: message.text
        case .job: summary.jobName
        case .runID: "\(summary.runID)"
        case .host: summary.hostName
        case .state: message.moment.rawValue
        case .startedAt: summary.startedAt.formatted(.iso8601)
        case .durationSeconds: "\(message.wording.duration / .seconds(1))"
        case .total: "\(summary.taskCount)"
        case .completed: "\(summary.count(.completed))"
        case .skipped: "\(summary.count(.skipped))"
        case .failed: "\(summary.count(.failed))"
        case .allowedFailures: "\(summary.allowedCount)"
        case .defaulted: "\(summary.count(.defaulted))"
        case .aborted: "\(summary.count(.aborted))"
        case .failedTasks: summary.failures.map(\.task).joined(separator: ", ")
        case .failedGroups:
            summary.groupFailures.map { "\($0.group): \($0.failed) of \($0.total)" }.joined(separator: ", ")
        case .resumeCommand: summary.resumeCommand ?? ""
        }
    }
}
