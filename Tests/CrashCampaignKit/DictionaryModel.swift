import Flowmancer
import FoundationEssentials

/// What the shared dictionary may hold after a run, given what it held before and what tasks and plug-ins wrote down.
///
/// An acknowledged write is there. One that was asked for and not acknowledged is there or is not.
struct DictionaryModel {
    /// A value of the dictionary, as far as the campaign cares.
    private enum Value: Equatable, CustomStringConvertible {
        case list([String])
        case count(Int)
        case text(String)

        var description: String {
            switch self {
            case .list(let marks): "\(marks)"
            case .count(let count): "\(count)"
            case .text(let text): text
            }
        }
    }

    private struct Write {
        var task: String
        var kind: JobPlan.Write
        var mark: String
        var isAcknowledged: Bool
    }

    private let before: [String: Value]
    private var writes: [String: [Write]] = [:]

    /// - Parameters:
    ///   - before: The dictionary as the run found it.
    ///   - events: What tasks and plug-ins wrote down in the run.
    init(before: [String: JSONText], events: [SideEvent]) throws {
        self.before = try before.reduce(into: [:]) { $0[$1.key] = try Self.value($1.value, for: $1.key) }
        var acknowledged: Set<String> = []
        for case .acknowledged(let mark) in events.map(\.kind) { acknowledged.insert(mark) }
        for event in events {
            guard case .intent(let kind, let key, let mark) = event.kind else { continue }
            let write = Write(task: event.task, kind: kind, mark: mark, isAcknowledged: acknowledged.contains(mark))
            writes[key, default: []].append(write)
        }
    }

    /// Compares what a checkpoint holds with what it has to hold.
    func violations(inCheckpoint after: [String: JSONText]) throws -> [String] {
        let values = try after.reduce(into: [:]) { $0[$1.key] = try Self.value($1.value, for: $1.key) }
        return violations(in: values)
    }

    /// Compares what a task read at the end with what it has to be.
    func violations(inAudit audit: [String: String]) -> [String] {
        var values: [String: Value] = [:]
        for (key, text) in audit {
            if key.hasPrefix("list-") {
                values[key] = .list(text.split(separator: " ").map(String.init))
            } else {
                values[key] = key == "counter" ? .count(Int(text) ?? -1) : .text(text)
            }
        }
        // What plug-ins write has no moment that a task could know.
        return violations(in: values) { !$0.hasPrefix(JobPlan.observerPrefix) }
    }

    private func violations(in after: [String: Value], where isOfInterest: (String) -> Bool = { _ in true }) -> [String]
    {
        let keys = Set(before.keys).union(writes.keys).union(after.keys)
        return keys.filter(isOfInterest).sorted().compactMap { key in
            let problem =
                if key.hasPrefix("list-") {
                    problem(ofList: key, after[key])
                } else if key == "counter" {
                    problem(ofCount: key, after[key])
                } else {
                    problem(ofText: key, after[key])
                }
            return problem.map { "the shared dictionary's '\(key)' \($0)" }
        }
    }

    private func problem(ofList key: String, _ after: Value?) -> String? {
        let old = if case .list(let marks)? = before[key] { marks } else { [String]() }
        let new = if case .list(let marks)? = after { marks } else { [String]() }
        guard new.starts(with: old) else { return "lost or changed older values: \(old) became \(new)" }
        let added = new.dropFirst(old.count)
        let writes = writes[key] ?? []
        for write in writes where write.isAcknowledged && !added.contains(write.mark) {
            return "lost the acknowledged \(write.mark)"
        }
        guard Set(added).count == added.count else { return "has something twice: \(Array(added))" }
        guard Set(added).isSubset(of: writes.map(\.mark)) else { return "has what nobody wrote: \(Array(added))" }
        for task in Set(writes.map(\.task)) {
            let marks = writes.filter { $0.task == task && added.contains($0.mark) }.map(\.mark)
            if added.filter({ marks.contains($0) }) != marks { return "has the writes of \(task) in another order" }
        }
        return nil
    }

    private func problem(ofCount key: String, _ after: Value?) -> String? {
        let old = if case .count(let count)? = before[key] { count } else { 0 }
        let new = if case .count(let count)? = after { count } else { 0 }
        let writes = writes[key] ?? []
        let least = old + writes.count(where: \.isAcknowledged)
        let most = old + writes.count
        return (least...most).contains(new) ? nil : "is \(new), expected \(least) to \(most)"
    }

    /// A key that only one task or plug-in writes, one write after the other.
    private func problem(ofText key: String, _ after: Value?) -> String? {
        var allowed: [Value?] = [before[key]]
        for write in writes[key] ?? [] {
            let value: Value? = write.kind == .remove ? nil : .text(write.mark)
            if write.isAcknowledged { allowed = [value] } else { allowed.append(value) }
        }
        guard !allowed.contains(after) else { return nil }
        let names = allowed.map { $0?.description ?? "nothing" }.joined(separator: " or ")
        return "is \(after?.description ?? "nothing"), expected \(names)"
    }

    private static func value(_ json: JSONText, for key: String) throws -> Value {
        let data = Data(json.rawValue.utf8)
        if key.hasPrefix("list-") { return .list(try JSONDecoder().decode([String].self, from: data)) }
        if key == "counter" { return .count(try JSONDecoder().decode(Int.self, from: data)) }
        return .text(String(try JSONDecoder().decode(String.self, from: data).prefix { $0 != "x" }))
    }
}
