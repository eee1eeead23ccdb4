package import FlowmancerCore

/// `gpus`: the graphics processors of a pilot.
package struct GraphicsRequest: Sendable, Hashable {
    /// The type by Slurm's name for it; `nil` for any.
    package var type: String?
    package var count: Int

    /// More than any machine has.
    private static let limit = 1_024

    init?(type: String? = nil, count: Int) {
        guard (1...Self.limit).contains(count) else { return nil }
        (self.type, self.count) = (type, count)
    }

    /// Reads `2` or `a100:2`; `nil` if it is neither.
    init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, let digits = parts.last, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let count = Int(digits)
        else { return nil }
        let type = parts.count == 2 ? String(parts[0]) : nil
        if let type, !Self.isName(type) { return nil }
        self.init(type: type, count: count)
    }

    /// Whether Slurm could have a type of the name.
    private static func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }

    /// What `--gres` takes.
    var option: String { (["gpu"] + [type, "\(count)"].compactMap(\.self)).joined(separator: ":") }
}

extension GraphicsRequest: CustomParameter {
    package static var expectation: String { "a number of graphics processors, or TYPE:NUMBER such as a100:2" }

    package static var typeDescription: TypeDescription {
        .worded(.either([.integer(minimum: 1, maximum: limit), .text]), expectation: expectation)
    }

    package var describedValue: ParameterValue? { type.map { .string("\($0):\(count)") } ?? .int(count) }

    package static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Self? {
        let result: GraphicsRequest? =
            switch value {
            case .int(let count): GraphicsRequest(count: count)
            case .string(let text): GraphicsRequest(text)
            default: nil
            }
        if result == nil {
            issues.append(JobIssue(.wrongValue(expected: expectation, found: value.description), at: path))
        }
        return result
    }
}
