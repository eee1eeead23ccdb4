package import FlowmancerCore

/// `nodes`: how many pilots there are at least and at most.
package struct NodeRange: Sendable, Hashable {
    package var minimum: Int
    package var maximum: Int

    /// What a job has that does not say otherwise.
    static let standard = NodeRange(minimum: 0, maximum: 1)
    /// More pilots than any cluster has nodes.
    static let limit = 100_000

    init(minimum: Int = 0, maximum: Int) {
        (self.minimum, self.maximum) = (minimum, maximum)
    }

    /// Reads `10`, which is the most, or `2-10`; `nil` if it is neither, or has no nodes.
    init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { part in
            // Not `Int` alone, which also reads `+1`.
            part.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(part) : nil
        }
        guard let first = parts[0], let last = parts.count == 2 ? parts[1] : first, parts.count <= 2 else { return nil }
        self.init(minimum: parts.count == 2 ? first : 0, maximum: last)
        guard (1...Self.limit).contains(maximum), minimum <= maximum else { return nil }
    }
}

extension NodeRange: CustomParameter {
    package static var expectation: String {
        "a number of nodes from 1 to \(limit), or the least and the most, such as 1-10"
    }

    package static var typeDescription: TypeDescription {
        .worded(.either([.integer(minimum: 1, maximum: limit), .text]), expectation: expectation)
    }

    package var describedValue: ParameterValue? {
        minimum == 0 ? .int(maximum) : .string("\(minimum)-\(maximum)")
    }

    package static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Self? {
        let result: NodeRange? =
            switch value {
            case .int(let count): NodeRange("\(count)")
            case .string(let text): NodeRange(text)
            default: nil
            }
        if result == nil {
            issues.append(JobIssue(.wrongValue(expected: expectation, found: value.description), at: path))
        }
        return result
    }
}
