import FoundationEssentials
import Glibc

/// What the tasks themselves write down of what they do: the truth that the engine's records are compared with.
package struct SideFile: Sendable {
    package let path: String

    package init(path: String) {
        self.path = path
    }

    /// Appends an event, in one write.
    package func append(_ event: SideEvent) {
        let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else { fatalError("the side file \(path) cannot be opened: \(errno)") }
        defer { close(file) }
        let bytes = Array("\(event.line)\n".utf8)
        guard bytes.withUnsafeBytes({ write(file, $0.baseAddress, $0.count) }) == bytes.count else {
            fatalError("the side file \(path) cannot be written: \(errno)")
        }
    }

    /// Reads all events that were written until now.
    package func read() throws -> [SideEvent] {
        guard let data = FileManager.default.contents(atPath: path) else { return [] }
        return try data.split(separator: 10).map { try SideEvent(line: String(decoding: $0, as: UTF8.self)) }
    }

    /// How long the file is.
    package var size: Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }
}

/// One thing that a task did.
package struct SideEvent: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case begin(attempt: Int, isRestart: Bool)
        /// A write to the shared dictionary is about to be asked for.
        case intent(JobPlan.Write, key: String, mark: String)
        /// The engine confirmed it.
        case acknowledged(mark: String)
        /// The task was given what another one published.
        case given(String, of: String)
        case end(isSuccess: Bool)
        /// What the shared dictionary has at the end.
        case audit(key: String, value: String)
        /// What a task saw that it should not have seen.
        case violation(String)
    }

    /// Which start of the engine it was.
    package var run: Int
    package var task: String
    package var kind: Kind

    package init(run: Int, task: String, _ kind: Kind) {
        self.run = run
        self.task = task
        self.kind = kind
    }

    var line: String {
        let text =
            switch kind {
            case .begin(let attempt, let isRestart): "begin\t\(attempt)\t\(isRestart)"
            case .intent(let write, let key, let mark): "intent\t\(write.rawValue)\t\(key)\t\(mark)"
            case .acknowledged(let mark): "acknowledged\t\(mark)"
            case .given(let mark, let source): "given\t\(mark)\t\(source)"
            case .end(let isSuccess): "end\t\(isSuccess)"
            case .audit(let key, let value): "audit\t\(key)\t\(value)"
            case .violation(let text): "violation\t\(text)"
            }
        return "\(run)\t\(task)\t\(text)"
    }

    init(line: String) throws {
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        func field(_ index: Int) -> String { index < fields.count ? fields[index] : "" }
        guard let run = Int(field(0)) else { throw CampaignError("the side file has the line '\(line)'") }
        self.run = run
        task = field(1)
        switch (field(2), JobPlan.Write(rawValue: field(3))) {
        case ("begin", _): kind = .begin(attempt: Int(field(3)) ?? 0, isRestart: field(4) == "true")
        case ("intent", let write?): kind = .intent(write, key: field(4), mark: field(5))
        case ("acknowledged", _): kind = .acknowledged(mark: field(3))
        case ("given", _): kind = .given(field(3), of: field(4))
        case ("end", _): kind = .end(isSuccess: field(3) == "true")
        case ("audit", _): kind = .audit(key: field(3), value: field(4))
        case ("violation", _): kind = .violation(field(3))
        default: throw CampaignError("the side file has the line '\(line)'")
        }
    }
}

/// Something that keeps the campaign itself from going on.
package struct CampaignError: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
