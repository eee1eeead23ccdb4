import Flowmancer

/// The first thing in which two checkpoints differ.
struct ContentsDifference: CustomStringConvertible {
    let description: String

    /// Compares byte by byte: texts that Swift takes for equal may be written differently.
    ///
    /// - Returns: `nil` if there is no difference.
    init?(between expected: CheckpointContents, and found: CheckpointContents) {
        guard Array(expected.name.utf8) == Array(found.name.utf8) else {
            description = "the name '\(expected.name)' has become '\(found.name)'"
            return
        }
        let difference =
            Self.find("the state of task", expected.states.mapValues(\.rawValue), found.states.mapValues(\.rawValue))
            ?? Self.find(
                "the shared value",
                expected.sharedDict.mapValues(\.rawValue),
                found.sharedDict.mapValues(\.rawValue)
            )
            ?? Self.find(
                "the decision about task",
                expected.decisions.mapValues(\.rawValue),
                found.decisions.mapValues(\.rawValue)
            )
            ?? Self.find(
                "what was published by task",
                expected.outputs.mapValues(\.rawValue),
                found.outputs.mapValues(\.rawValue)
            )
            ?? Self.find("the fingerprint of task", expected.fingerprints, found.fingerprints)
            ?? Self.find("the property", Self.properties(of: expected), Self.properties(of: found))
        guard let difference else { return nil }
        description = difference
    }

    private static func properties(of contents: CheckpointContents) -> [String: String] {
        ["jobFile": contents.jobFile, "runID": contents.runID?.description].compactMapValues { $0 }
    }

    private static func find(_ what: String, _ expected: [String: String], _ found: [String: String]) -> String? {
        for (key, value) in expected.sorted(by: { $0.key < $1.key }) {
            guard let other = found[key] else { return "\(what) '\(shortened(key))' is missing" }
            if Array(value.utf8) != Array(other.utf8) {
                return "\(what) '\(shortened(key))' is \(shortened(other)) instead of \(shortened(value))"
            }
        }
        let spellings = Set(found.keys.map { Array($0.utf8) })
        if let key = expected.keys.sorted().first(where: { !spellings.contains(Array($0.utf8)) }) {
            return "\(what) '\(shortened(key))' is spelt in another way"
        }
        return found.keys.sorted().first { expected[$0] == nil }.map {
            "\(what) '\(shortened($0))' should not be there"
        }
    }

    private static func shortened(_ text: String) -> String {
        text.utf8.count > 60 ? "\(text.prefix(40))… (\(text.utf8.count) bytes)" : text
    }
}
