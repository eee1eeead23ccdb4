import Foundation
import Testing

/// A job file in the folder `Peers`: an example of another tool, written as a job of this one, and what comes of it.
///
/// What is expected stands in comments that begin with `#>`:
/// ```
/// #> write data.txt = text         writes a file before the next run
/// #> touch data.txt                changes the time of a file
/// #> remove data.txt
/// #> run -r                        runs the job with these arguments; what follows is expected of this run
/// #> exit 2                        the exit code
/// #> completed a, b[1]             all tasks that end so, and the same with failed, skipped, defaulted
/// #> ran a                         all tasks that had an attempt
/// #> attempts a: 3                 how many
/// #> order a, b                    the order in which they began
/// #> log a: text                   the first line that a task wrote
/// #> file out.txt: text            what is in a file
/// ```
struct PeerExample: Sendable, CustomTestStringConvertible {
    /// What happens to the files before a run.
    enum Change: Sendable {
        case write(String, String)
        case touch(String)
        case remove(String)
    }

    /// What is expected of a run besides the states of tasks.
    enum Expectation: Sendable {
        case ran(Set<String>)
        case attempts(String, Int)
        case order([String])
        case log(String, String)
        case file(String, String)
    }

    struct Run: Sendable {
        var changes: [Change] = []
        var arguments: [String] = []
        var exitCode: Int32 = 0
        /// The letters of the states in which the tasks end.
        var states: [String: String] = [:]
        var expectations: [Expectation] = []
    }

    struct Malformed: Error {
        var line: String
    }

    let name: String
    let runs: [Run]

    var testDescription: String { name }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Peers")

    static let all: [PeerExample] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".yaml") }.sorted().compactMap { try? PeerExample($0) }
    }()

    /// How many job files there are.
    static var fileCount: Int {
        let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        return files?.count { $0.hasSuffix(".yaml") } ?? 0
    }

    init(_ file: String) throws {
        name = file
        let text = try String(contentsOf: Self.folder.appending(path: file), encoding: .utf8)
        var runs: [Run] = []
        var next = Run()
        for line in text.split(separator: "\n") where line.hasPrefix("#> ") || line == "#> ran" {
            let words = line.dropFirst(3).split(separator: " ", maxSplits: 1).map(String.init)
            let rest = words.count > 1 ? words[1] : ""
            switch words[0] {
            case "write":
                let (file, text) = try Self.pair(rest, " = ")
                next.changes.append(.write(file, text))
            case "touch": next.changes.append(.touch(rest))
            case "remove": next.changes.append(.remove(rest))
            case "run":
                next.arguments = rest.split(separator: " ").map(String.init)
                runs.append(next)
                next = Run()
            default:
                guard !runs.isEmpty else { throw Malformed(line: String(line)) }
                try Self.add(words[0], rest, to: &runs[runs.count - 1])
            }
        }
        self.runs = runs
    }

    private static func add(_ keyword: String, _ rest: String, to run: inout Run) throws {
        let names = rest.isEmpty ? [] : rest.components(separatedBy: ", ")
        switch keyword {
        case "exit": run.exitCode = Int32(rest) ?? -1
        case "completed", "failed", "skipped", "defaulted":
            for name in names { run.states[name] = keyword.prefix(1).uppercased() }
        case "ran": run.expectations.append(.ran(Set(names)))
        case "order": run.expectations.append(.order(names))
        case "attempts":
            let (task, count) = try pair(rest, ": ")
            run.expectations.append(.attempts(task, Int(count) ?? -1))
        case "log":
            let (task, line) = try pair(rest, ": ")
            run.expectations.append(.log(task, line))
        case "file":
            let (file, text) = try pair(rest, ": ")
            run.expectations.append(.file(file, text))
        default: throw Malformed(line: keyword)
        }
    }

    private static func pair(_ text: String, _ separator: String) throws -> (String, String) {
        guard let range = text.range(of: separator) else { throw Malformed(line: text) }
        return (String(text[..<range.lowerBound]), String(text[range.upperBound...]))
    }
}
